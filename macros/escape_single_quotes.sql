{#- What dbt puts between single quotes. Spark reads such a text as it stands
    when its patterns are to be those of the other engines
    (spark.sql.parser.escapedStringLiterals), so nothing in it means a quote:
    that stands between double ones. -#}
{% macro spark__escape_single_quotes(expression) -%}
    {{- expression | replace("'", "' || \"'\" || '") -}}
{%- endmacro %}
