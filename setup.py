"""Packaging of ckanext-municipal: one distribution, one plugin a capability."""

from pathlib import Path

from setuptools import find_namespace_packages, setup

HERE = Path(__file__).parent

setup(
    name="ckanext-municipal",
    version="0.1.0",
    description="A city's open data portal on a standard CKAN",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="AGPL-3.0-or-later",
    python_requires=">=3.11",
    packages=find_namespace_packages(include=["ckanext.municipal", "ckanext.municipal.*"]),
    include_package_data=True,
    package_data={"ckanext.municipal": ["**/*"]},
    install_requires=[
        "ckan>=2.11.6",
        "ckanext-dcat>=2.4.4",
        "ckanext-harvest>=1.6.3",
        "ckanext-scheming>=3.1.0",
        "ckanext-spatial>=2.3.2",
        "duckdb>=1.1",
        "openpyxl>=3.1",
        "python-calamine>=0.4",
        "requests>=2.32",
    ],
    entry_points={
        "ckan.plugins": [
            "municipal = ckanext.municipal.portal.plugin:MunicipalPlugin",
            "municipal_harvest = ckanext.municipal.harvest.plugin:MunicipalHarvestPlugin",
            "municipal_budget = ckanext.municipal.budget.plugin:MunicipalBudgetPlugin",
            "municipal_budget_harvester = ckanext.municipal.budget.harvester:BudgetHarvester",
        ],
        "babel.extractors": ["ckan = ckan.lib.extract:extract_ckan"],
    },
)
