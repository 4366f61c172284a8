"""Lists, recognises, inspects and repairs raw files.

    listing.py      which files there are
    contents.py     their bytes: gzip, encoding, line ends
    kinds.py        the kinds of files, read from models/staging/_sources.yml
    recognise.py    what a file is
    csv_files.py    tables of text: delimiter, quotes, rows
    plain_rows.py   rows of tables that DuckDB can read itself
    json_files.py   JSON of any shape: where its records are
    json_lines.py   JSON with an object a line
    json_values.py  JSON laid out in any other way
    json_text.py    the text of a value: its keys, comments and NaN in it
    tagged.py       PubMed's tagged format, the NLM's list of journals
    xml_articles.py PubMed XML
    excel.py        Excel workbooks
    inspection.py   one file: what it is, how to read it, how many records
    readable.py     copies that DuckDB can read
    views.py        DuckDB views over the files and copies of a kind
    sql_text.py     names, texts and paths as SQL writes them
    refusals.py     every message to a user

Nothing here knows dbt: `raw_files_plugin.py` is what dbt-duckdb calls.
"""
