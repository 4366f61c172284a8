{#- DuckDB keeps some 20 kB of every file until the query that reads it ends:
    a hundred thousand small files take more memory than all that is in them.
    So many are read by many queries. -#}
{% macro run_in_batches(variable, file_count, query) -%}
    {%- if file_count > files_per_query() -%}
        {#- A part of a list costs as much as the whole, of a table it does not. -#}
        {%- do run_query("
            create or replace temp table all_files as
            select
                unnest(getvariable('" ~ variable ~ "')) as pattern,
                generate_subscripts(getvariable('" ~ variable ~ "'), 1) as file_number
        ") -%}
        {%- for first in range(1, file_count + 1, files_per_query()) -%}
            {%- do run_query(
                "set variable batch = (select list(pattern order by file_number) from all_files"
                ~ " where file_number between " ~ first ~ " and " ~ (first + files_per_query() - 1) ~ ");"
                ~ query | replace('<files>', "getvariable('batch')")
            ) -%}
        {%- endfor -%}
    {%- elif file_count -%}
        {%- do run_query(query | replace('<files>', "getvariable('" ~ variable ~ "')")) -%}
    {%- endif -%}
{%- endmacro %}


{% macro files_per_query() -%}
    {{- return(1000) -}}
{%- endmacro %}
