{#- Sets a variable to the raw files that a model does not hold yet, escaped for
    readers, and returns them as rows of path and size. -#}
{% macro raw_files_in_variable(source_name, variable) -%}
    {%- if not has_files_to_read(source_name) -%}
        {{- return([]) -}}
    {%- endif -%}
    {{- return(run_query("
        create or replace temp table files_unread as " ~ raw_files_to_read(source_name) ~ ";
        set variable " ~ variable ~ " = (
            select list(" ~ glob_escaped('file_path') ~ " order by file_path) from files_unread
        );
        select file_path, size_bytes from files_unread order by file_path
    ").rows) -}}
{%- endmacro %}
