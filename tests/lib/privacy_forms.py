"""How sentences with personal data in them are written: ``{}`` is where it stands, ``⏎`` a new line."""

from __future__ import annotations


def words(text: str) -> list[str]:
    return text.split()


def forms(text: str) -> list[str]:
    """Return the lines of a text, without what indents them."""
    found = [line.strip().replace("⏎", "\n") for line in text.splitlines()]
    return [line for line in found if line]


PHONE = forms("""
    τηλ. {}
    Τηλ: {}
    τηλέφωνο επικοινωνίας {}.
    κιν. {}
    Καλέστε με στο {} όποτε θέλετε
    {}
    στο {}
    ΤΗΛ {}
    tel:{}
    Viber {}
    με παίρνετε στο {} μετά τις 18:00
    call me at {}
    κινητο:{}
    ({})
    Phone: {}, after 5 pm
    ☎ {}
    το νούμερό μου {}
    tilefono {}
    Τηλέφωνα: {}
""")
AFM_SURE = forms("""
    ΑΦΜ {}
    ΑΦΜ: {}
    Α.Φ.Μ. {}
    Α.Φ.Μ.: {}
    αφμ {}
    αφμ μου {}
    AFM {}
    AΦM {}
    με ΑΦΜ {}
    Το ΑΦΜ μου είναι {}
    ΑΦΜ-{}
    ΑΦΜ {} ΔΟΥ Α΄ Θεσσαλονίκης
    αριθμός φορολογικού μητρώου {}
    {} (ΑΦΜ)
    ΑΦΜ EL{}
    My VAT number is {}
    αφμ={}
    Α Φ Μ {}
""")
AFM_HINTED = forms("""
    ΔΟΥ Δ΄ Θεσσαλονίκης, {}
    {} ΔΟΥ Καλαμαριάς
    στοιχεία επιχείρησης {}
    κόψτε τιμολόγιο στο {}
    EL{}
""")
AMKA = forms("""
    ΑΜΚΑ {}
    ΑΜΚΑ: {}
    Α.Μ.Κ.Α. {}
    αμκα {}
    AMKA {}
    ο ΑΜΚΑ μου είναι {}
    {}
    με στοιχεία {}
    ΑΜΚΑ ασφαλισμένου: {}
    amka:{}
""")
IBAN = forms("""
    IBAN {}
    IBAN: {}
    ΙΒΑΝ {}
    στον λογαριασμό {}
    {}
    να μου επιστραφεί το ποσό στο {} της Εθνικής
    my account is {}
""")
CARD_BARE = forms("""
    {}
    με αριθμό {}
    κάτοχος του {}
""")
CARD = forms("""
    ΑΔΤ {}
    Α.Δ.Τ.: {}
    αριθμός ταυτότητας {}
    ταυτότητα: {}
    Α.Δ.Τ. {}
    αδτ {}
    αρ. ταυτ. {}
    με ΑΔΤ {}
    αριθμός δελτίου ταυτότητας {}
    ID card {}
    ταυτοτητα μου {}
""")
PASSPORT = forms("""
    διαβατήριο {}
    Αρ. διαβατηρίου: {}
    passport {}
    passport number {}
    ταξιδεύω με το {}
    ΔΙΑΒΑΤΗΡΙΟ {}
""")
PLATE = forms("""
    πινακίδα {}
    με πινακίδες {}
    αριθμός κυκλοφορίας {}
    το {} παρκάρει κάθε μέρα στη ράμπα
    ΙΧ {}
    αυτοκίνητο {}
    το αμάξι του ({}) κλείνει την είσοδο
    plate {}
    αρ. κυκλ. {}
    μηχανάκι {}
    {}
    όχημα μάρκας Φιατ, {}
""")
PLATE_SMALL = forms("""
    πινακιδα {}
    με πινακίδες {}
    plate {}
    αυτοκίνητο {}
""")
EMAIL = forms("""
    email: {}
    e-mail {}
    {}
    στείλτε μου στο {} φωτογραφίες
    Το μέιλ μου είναι {}.
    mail:{}
    Contact: {}
    ή στο {}, ευχαριστώ
""")
PROFILES = forms("""
    @{}
    στο instagram @{}
    https://www.facebook.com/{}
    δείτε facebook.com/{} για φωτο
    https://m.facebook.com/profile.php?id=1000{}
    http://instagram.com/{}/
    instagram: {}
    insta: {}
    Το έγραψα και εδώ https://twitter.com/{}
    https://x.com/{}/status/17
    βίντεο https://www.tiktok.com/@{}
    www.linkedin.com/in/{}
    skype: {}
    telegram t.me/{}
    FB: {}
""")
ENGLISH_NAME = forms("""
    My name is {}.
    I am {} and I live nearby.
    Kind regards,⏎{}
    Thank you,⏎{}
    I'm {}, a resident
    Mr {} next door complains too.
    Sincerely, {}
    Mrs. {} told me so
""")
GREEKLISH_NAME = forms("""
    me lene {}
    legomai {} kai meno edo
    eimai o {}
    Onoma: {}
""")
NAME_AS_OBJECT = forms("""
    Με λένε {}.
    με λένε {} και μένω εδώ κοντά
    Με λένε {}, είμαι συνταξιούχος
    ΜΕ ΛΕΝΕ {} ΚΑΙ ΜΕΝΩ ΔΙΠΛΑ
""")
HIM = forms("""
    μίλησα με τον κ. {} χθες
    Ρωτήστε τον κύριο {}.
    ο κος {} το ξέρει
    ο κ. {} δεν απαντά
    Ο υπογράφων {}
""")
HER = forms("""
    μίλησα με την κα {} χθες
    Ρωτήστε την κυρία {}.
    η κ. {} δεν απαντά
    Η υπογράφουσα {}
""")
NAME = forms("""
    Λέγομαι {}.
    Ονομάζομαι {} και διαμένω στην περιοχή
    Με εκτίμηση,⏎{}
    Με εκτίμηση, {}
    Με εκτίμηση⏎{}
    Ευχαριστώ,⏎{}
    Ευχαριστώ πολύ, {}
    Φιλικά,⏎{}
    Ονοματεπώνυμο: {}
    ονομα: {}
    Υπογραφή: {}
    Μετά τιμής,⏎{}
    Το όνομά μου είναι {}.
""")
NAME_WITH_ARTICLE = forms("""
    Είμαι {article} {}.
    είμαι {article} {} από την Τούμπα
    Είμαι {article} {} και θέλω να αναφέρω κάτι
    λέγομαι {article} {}, καλησπέρα
""")
