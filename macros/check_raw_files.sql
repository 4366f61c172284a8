{#- Post-hook of the model that lists the raw files: stops at a data file that
    nobody reads, and where a kind of file is missing that must be there. An
    export that was forgotten must not look like a drug that nobody writes
    about; but whoever uses the exports of others needs none made by hand. -#}
{% macro check_raw_files() -%}
    {%- if execute and not flags.EMPTY -%}
        {%- set unknown, known, missing = run_query("
            with kinds as (" ~ raw_file_kinds() ~ ")
            select
                (
                    select string_agg(raw_file, ', ' order by raw_file)
                    from " ~ this ~ "
                    where
                        source_name is null
                        and regexp_matches(raw_file, '\\.(csv|json|nbib|xml)(\\.gz)?$')
                ),
                (
                    select string_agg(
                        case when is_export then known_by else file_pattern || ': ' || known_by end,
                        chr(10) order by is_export, known_by
                    )
                    from kinds
                ),
                (
                    select string_agg(file_pattern, ' or ' order by file_pattern)
                    from kinds
                    where
                        is_required
                        and source_name not in (select source_name from " ~ this ~ " where source_name is not null)
                        and (
                            source_name = 'drugs'
                            or not exists (from " ~ this ~ " semi join (from kinds where is_export) as exports using (source_name))
                        )
                )
        ").rows[0] -%}
        {%- if unknown -%}
            {{- exceptions.raise_compiler_error(
                "Can't tell what " ~ unknown ~ " is: neither its name nor what it begins with is known. Known are, by "
                ~ "the columns of the first line or by what stands first:\n" ~ known ~ "\nGive it such a first line, or "
                ~ "take it out of raw/."
            ) -}}
        {%- endif -%}
        {%- if missing -%}
            {{- exceptions.raise_compiler_error(
                "No file in " ~ data_path('raw') ~ " matches "
                ~ missing ~ ". Put the export there. If there "
                ~ "is nothing to read, say so with a file that holds only the "
                ~ "header line (.csv) or [] (.json). The data root is the "
                ~ "folder that DRUG_MENTIONS_DATA names."
            ) -}}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
