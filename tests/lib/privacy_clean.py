"""Sentences of citizens' reports that hold ordinary numbers, capitals and titles, and nothing personal."""

from __future__ import annotations

import random

from privacy_forms import forms
from privacy_pieces import digits

STREETS = forms("""
    Εγνατίας
    Τσιμισκή
    25ης Μαρτίου
    Κ. Καραμανλή
    Λεωφ. Νίκης
    Αγίου Δημητρίου
    Βασ. Όλγας
    28ης Οκτωβρίου
    Ι. Δραγούμη
    Μαρίας Κάλλας
    Παπαναστασίου
""")
_SENTENCES = forms("""
    Από τις {date} έχω στείλει {small} φορές το ίδιο.
    Στις {hour}:{two} το πρωί και πάλι στις {hour}.{two}
    στην οδό {street} {house}
    {street} {house}, Τ.Κ. 546 {two}
    Θεσσαλονίκη 54{three}
    Αριθμός αιτήματος {upto7}
    (αρ. πρωτ. {five}/{date})
    αρ. πρωτ. {five}/2024
    Το πρόστιμο είναι {money} ευρώ
    κοστίζει {money} € ή {two}€
    Η γραμμή {small} του ΟΑΣΘ δεν πέρασε για {two} λεπτά
    λεωφορεία {small}, {two} και {two}Α
    Περιμένουμε {two} μέρες τώρα, {small} βδομάδες
    στο {two}ο Δημοτικό Σχολείο
    η κολώνα με αριθμό {upto7} δεν ανάβει
    Κολόνα ΔΕΗ {three}/{two}
    Κ.Α. {two}.{four}.{two}
    σύμφωνα με τον ν. {four}/2016 (ΦΕΚ {three}/Α/{date})
    στο χιλιόμετρο {two},{small} της Εθνικής Οδού {small}
    στους αριθμούς {small}, 1{small}, 2{small} και 3{small}
    έχει βάθος {two} cm και πλάτος {small},{two} μ.
    θερμοκρασία {two}°C, θόρυβος {two} dB
    Κύριε Δήμαρχε, κάντε κάτι!
    Αξιότιμε κ. Δήμαρχε, το θέμα είναι σοβαρό.
    Είμαι ο διαχειριστής της πολυκατοικίας.
    είμαι η μητέρα δύο παιδιών και φοβάμαι
    Είμαι μόνιμος κάτοικος της περιοχής.
    Ευχαριστώ πολύ. Περιμένω απάντηση.
    Ευχαριστώ εκ των προτέρων!
    Με εκτίμηση,⏎ένας δημότης
    Με εκτίμηση
    Ο κάδος της ανακύκλωσης λείπει από την Πλατεία Αριστοτέλους.
    Το συνεργείο του ΟΤΕ άνοιξε λάκκο και έφυγε, ούτε η ΕΥΑΘ ήρθε.
    ΚΑΔΟΣ {four} ΣΠΑΣΜΕΝΟΣ ΚΑΙ {small} ΑΛΛΟΙ
    ΤΗΝ {two}Η ΤΟΥ ΜΗΝΟΣ ΕΓΙΝΕ ΔΙΑΚΟΠΗ ΓΙΑ {small} ΩΡΕΣ ΚΑΙ {two} ΛΕΠΤΑ
    Δείτε https://www.thessaloniki.gr/nea/{four} για το πρόγραμμα
    φωτογραφία IMG_{four}.jpg
    συντεταγμένες 40.{six}, 22.{six}
    Request #{upto7} is still open after {two} days
    The pothole is {two} cm wide, near {two} Egnatia Street
    since {two} March 2024 at {hour}:{two} am
    I am a resident of this street and I am not happy.
    This is the third time. Thanks for nothing
    Thank you very much for your help.
    πήρα στο 15195 και στο 112 και μου είπαν να κάνω αίτημα
    τηλεφώνησα στον δήμο πριν {two} μέρες για το αίτημα {upto7}
    Στον λογαριασμό νερού μου βλέπω παράξενα ποσά
    Κάρτα στάθμευσης ζώνη {small}, {small},{two} €/ώρα
    απόφαση Ω{two}ΤΩΞΧ-{small}ΚΛ της Διαύγειας
    πινακίδα STOP και Ρ-{two} στη γωνία
    Η πινακίδα της οδού έχει πέσει
    Περίπου {small} εκ. €, δηλαδή {small}.{three}.{three} ευρώ
    φωτεινός σηματοδότης Νο {three} στη διασταύρωση με {street}
    ωράριο 8:00-{hour}:00, Δευτέρα έως Παρασκευή
    στο πάρκο της {street} έσπασαν {small} παγκάκια από {two}
    barcode κάδου 52{six}{five}
    ΟΚΤ 2024 και ΝΟΕ 2023 δεν ήρθε κανείς
    μετρητής {four}{four}, ένδειξη {five}
    ISO 9001:2015, COVID-19, 5G κεραία {two} μέτρα από το σπίτι
    από {small}/{small} έως 1{small}/{small} κάθε {small}-1{small} μέρες
    Η κυρία είσοδος του σχολείου είναι κλειστή
    στον κύριο δρόμο του οικισμού
    Τα φανάρια, τα φρεάτια κ.λπ. θέλουν συντήρηση, κ.ά.
    Δεν είμαι ο μόνος που το λέει, είμαι η τρίτη που γράφω
    email δεν έχω, @ {small} το απόγευμα είμαι πάντα εκεί
    Αντικατάσταση {two} λαμπτήρων LED {three}W, τύπος Ε{two}
    στάσεις 0{four} και 0{four}, όχημα {four}
    Η βρύση στάζει {small}-{small} λίτρα την ώρα, {three} τη μέρα
    The bus 2{small}X was late on {date} and again at {hour}.{two}
    Εδώ η Εγνατία είναι κλειστή, ο Δήμος τι κάνει;
    The lamp at pole {five} is off, look at meter {upto7} too
    Η ΕΕ {four} και η ΑΕ {three} δεν απάντησαν
    Line {two}, stop {four}: no shelter, 3rd request in {small} months
""")


def sentences(rnd: random.Random, count: int) -> list[str]:
    """Return some different sentences with their places filled."""
    return [_filled(rnd, sentence) for sentence in rnd.sample(_SENTENCES, count)]


def _filled(rnd: random.Random, sentence: str) -> str:
    sign = rnd.choice("/.-")
    year = rnd.choice(["2023", "2024", "24", "2025"])
    return sentence.format(
        date=f"{rnd.randint(1, 28)}{sign}{rnd.randint(1, 12)}{sign}{year}",
        money=f"{rnd.randint(1, 99)}.{digits(rnd, 3)},{digits(rnd, 2)}",
        hour=rnd.randint(6, 23),
        house=f"{rnd.randint(1, 250)}{rnd.choice(['', 'Α', 'α', '-7', ' Β'])}",
        street=rnd.choice(STREETS),
        small=rnd.randint(1, 9),
        two=rnd.randint(10, 59),
        three=rnd.randint(100, 999),
        four=rnd.randint(1000, 9999),
        five=rnd.randint(10000, 99999),
        six=digits(rnd, 6),
        upto7=rnd.randint(1000, 9999999),
    )
