{#- Slash dates are day first: one raw file proves it with 25/05/2020, and a
    guess row by row would turn 01/02/2020 into two different days. A year of
    two digits would be read as the first century, so it is not read at all, and
    neither are DuckDB's own words for days, such as `epoch`. -#}
{% macro parse_date(text) -%}
    case
        when
            try_strptime({{ text }}, {{ date_formats() }}) >= date '1000-01-01'
            and regexp_matches({{ text }}, '^[0-9]')
            then try_strptime({{ text }}, {{ date_formats() }})::date
    end
{%- endmacro %}


{% macro date_formats() -%}
    ['%Y-%m-%d', '%d/%m/%Y', '%d %B %Y']
{%- endmacro %}
