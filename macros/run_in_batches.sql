{#- DuckDB keeps some 20 kB of every file until the query that reads it ends:
    a hundred thousand small files take more memory than all that is in them.
    So many are read by many queries. -#}
{% macro run_in_batches(variable, file_count, query) -%}
    {%- for first in range(1, file_count + 1, files_per_query()) -%}
        {%- do run_query(query | replace(
            '<files>',
            "getvariable('" ~ variable ~ "')[" ~ first ~ ":" ~ (first + files_per_query() - 1) ~ "]"
        )) -%}
    {%- endfor -%}
{%- endmacro %}


{% macro files_per_query() -%}
    {{- return(1000) -}}
{%- endmacro %}
