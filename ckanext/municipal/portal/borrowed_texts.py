"""Texts of CKAN and its extensions that readers and publishers meet on the portal and that lack a Greek of their own.

They are marked here only to be collected: the suite's catalogue is added to CKAN's, which then says them in Greek.
An entry goes when CKAN's own catalogue, or the extension's, has it.
"""

from __future__ import annotations

from ckanext.municipal.lib.texts import N_


def P_(singular: str, plural: str) -> tuple[str, str]:  # noqa: N802 - named as N_, for a text with a number
    """Mark a singular and its plural for extraction and return them unchanged."""
    return singular, plural


STATES = (N_("active"), N_("draft"))

PAGES = (
    N_("Skip to main content"),
    N_("Toggle navigation"),
    N_("Breadcrumb"),
    N_("Account"),
    N_("View dashboard"),
    N_("Profile settings"),
    N_("Search Datasets..."),
    N_("Submit"),
    N_("Close"),
    N_("Follow"),
    N_("Unfollow"),
    N_("Download"),
    N_("Dataset description:"),
    N_("There is no description for this dataset"),
    N_("0 Members"),
    N_("N/A"),
    N_("You might need to login to access this page."),
    N_("Click here to login"),
    N_("Username or Email"),
    N_("Email or username"),
    N_("Request Reset"),
    N_("Package not found"),
    N_("Dataset not found or you have no permission to view it"),
    N_("Not authorized to download resource"),
    N_("CSV"),
    N_("API Tokens"),
    N_("Last Active"),
)

FORMS = (
    N_("No Organization"),
    N_("Please select the license"),
    N_("Reorder resources"),
    N_("Collaborators"),
    N_("Id already exists"),
    N_("Invalid id provided"),
    N_("Must be a positive integer"),
    N_("Profile picture"),
    N_("Sysadmin password"),
    N_(
        'You can use <a href="#markdown" title="Markdown quick reference" data-bs-toggle="popover"'
        ' data-bs-content="%(markdown_tooltip)s" data-bs-html="true">Markdown formatting</a> here'
    ),
    N_(
        'Tag "%s" can only contain alphanumeric characters, spaces (" "), hyphens ("-"), '
        'underscores ("_") or dots (".")'
    ),
)

OF_A_TYPE = (
    N_("Add {object_type}"),
    N_("Create {object_type}"),
    N_("Edit {object_type}"),
    N_("Save {object_type}"),
    N_("Update {object_type}"),
    N_("View {object_type}"),
    N_("Search {object_type}s..."),
    N_("There is no description for this {object_type}"),
    N_("Are you sure you want to delete this {object_type}?"),
)

# CKAN builds these from the name of a dataset type.
FOUND = (
    P_("{number} budget found", "{number} budgets found"),
    P_('{number} budget found for "{query}"', '{number} budgets found for "{query}"'),
    P_("{number} harvest found", "{number} harvests found"),
    P_('{number} harvest found for "{query}"', '{number} harvests found for "{query}"'),
)
NOTHING_FOUND = (
    N_("No budgets found"),
    N_('No budgets found for "{query}"'),
    N_("No harvests found"),
    N_('No harvests found for "{query}"'),
)

HARVESTS = (
    N_(
        "Harvest sources allow importing remote metadata into this catalog. Remote sources can be"
        " other catalogs such as other CKAN instances, CSW servers or Web Accessible Folders (WAF)"
        " (depending on the actual harvesters enabled for this instance)."
    ),
    N_("Job: "),
    N_("Add Harvest Source"),
    N_("Harvest Sources"),
    N_("Harvest sources"),
    N_("Create harvest source"),
    N_("Create Harvest Source"),
    N_("Edit harvest source"),
    N_("Search harvest sources..."),
    N_("Return to the harvest sources list"),
    N_("There are no datasets associated to this harvest source."),
    N_("There is no description for this harvest source"),
    N_("Admin"),
    N_("Dashboard"),
    N_("Edit"),
    N_("Jobs"),
    N_("Harvest Jobs"),
    N_("Last Harvest Job"),
    N_("View full job report"),
    N_("No jobs yet for this source"),
    N_("Back to job list"),
    N_("Job Report"),
    N_("Error Summary"),
    N_("Error Report"),
    N_("No errors for this job"),
    N_("Job Errors"),
    N_("Document Errors"),
    N_("Only the 20 most frequent errors are shown"),
    N_("documents with errors"),
    N_("Remote content"),
    N_("Local content"),
    N_("Message"),
    N_("Count"),
    N_("Details"),
    N_("Id"),
    N_("Created"),
    N_("Started"),
    N_("Finished"),
    N_("Started:"),
    N_("Finished:"),
    N_("Not yet"),
    N_("Status"),
    N_("errors"),
    N_("not modified"),
    N_("Frequency"),
    N_("Type"),
    N_("Source type"),
    N_("Update frequency"),
    N_("Configuration"),
    N_("No organization"),
    N_("Active"),
    N_("Manual"),
    N_("Monthly"),
    N_("Weekly"),
    N_("Biweekly"),
    N_("Daily"),
    N_("Always"),
    N_("This should include the http:// part of the URL"),
    N_("eg. A descriptive title"),
    N_("eg. my-dataset"),
)
