{#- Stops where the table csv_layouts has a file whose header line does not name
    the columns that a source needs. -#}
{% macro stop_at_unreadable_headers(needed) -%}
    {%- set unreadable = run_query("
        select file_path || ': ' || case
            when header is null then 'its first line is empty, or is not UTF-8 text.'
            when contains(header, chr(0)) then 'its first line is not UTF-8 text (UTF-16?): save it as UTF-8.'
            when cardinality(missing) > 0 then 'column ' || " ~ list_joined('missing', ', ') ~ " || ' is missing.'
            else 'column ' || " ~ list_joined('repeated', ', ') ~ " || ' stands there twice.'
        end
        from csv_layouts
        where header is null or cardinality(missing) > 0 or cardinality(repeated) > 0
        order by file_path
        limit 10
    ").columns[0].values() -%}
    {%- if unreadable -%}
        {{- exceptions.raise_compiler_error(
            "Can't read " ~ unreadable | join("\n") ~ "\nThe first line must name the columns "
            ~ needed | join(', ') ~ ", in any order, separated by commas, and the file be UTF-8 text."
        ) -}}
    {%- endif -%}
{%- endmacro %}
