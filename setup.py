"""Packaging of ckanext-municipal: one distribution, one plugin a capability."""

from pathlib import Path

from setuptools import find_namespace_packages, setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent


class BuildWithCatalogues(build_py):
    """Compiles the translations beside their sources first, so that wheels and editable installs both have them."""

    def run(self) -> None:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        for source in HERE.glob("ckanext/municipal/i18n/*/LC_MESSAGES/*.po"):
            with source.open("rb") as translations, source.with_suffix(".mo").open("wb") as out:
                write_mo(out, read_po(translations))
        # The list of data files was made before the catalogues were there.
        self.data_files = self._get_data_files()
        super().run()


setup(
    name="ckanext-municipal",
    version="0.1.0",
    description="A city's open data portal on a standard CKAN",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="AGPL-3.0-or-later",
    python_requires=">=3.11",
    # schemas, harvesters and config are links to the folders at the top; they are packed as real files.
    packages=find_namespace_packages(include=["ckanext.municipal", "ckanext.municipal.*"]),
    package_data={"ckanext.municipal": ["**/*"]},
    exclude_package_data={"": ["__pycache__/*", "*.pyc"]},
    install_requires=[
        "ckan>=2.11.6",
        "ckanext-dcat>=2.4.4",
        "ckanext-harvest>=1.6.3",
        "ckanext-scheming>=3.1.0",
        "ckanext-spatial>=2.3.2",
        "cryptography>=42",
        "duckdb>=1.1",
        "idna>=3.7",
        "itsdangerous>=2.1",
        "openpyxl>=3.1",
        "pyoxigraph>=0.5.13",
        "pyproj>=3.6",
        "python-calamine>=0.4",
        "pyyaml>=6.0",
        "requests>=2.32",
        "shapely>=2.0",
        "urllib3>=2.2",
    ],
    extras_require={"docs": ["mkdocs>=1.6", "mkdocs-material>=9.5"]},
    entry_points={
        "ckan.plugins": [
            "municipal = ckanext.municipal.portal.plugin:MunicipalPlugin",
            "municipal_harvest = ckanext.municipal.harvest.plugin:MunicipalHarvestPlugin",
            "municipal_budget = ckanext.municipal.budget.plugin:MunicipalBudgetPlugin",
            "municipal_issues = ckanext.municipal.issues.plugin:MunicipalIssuesPlugin",
            "municipal_quality = ckanext.municipal.quality.plugin:MunicipalQualityPlugin",
            "municipal_feeds = ckanext.municipal.feeds.plugin:MunicipalFeedsPlugin",
            "municipal_budget_harvester = ckanext.municipal.budget.harvester:BudgetHarvester",
            "municipal_issues_harvester = ckanext.municipal.issues.harvester:IssuesHarvester",
        ],
        "ckan.rdf.profiles": [
            "municipal_dcat_ap = ckanext.municipal.portal.rdf:MunicipalDCATAPProfile",
            "municipal_dqv = ckanext.municipal.quality.rdf:MunicipalDQVProfile",
        ],
    },
    cmdclass={"build_py": BuildWithCatalogues},
)
