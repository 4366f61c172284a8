{#- The CSV reader with no delimiter to find: a line is a row, whatever is in
    it, gunzipped when its file's name ends in .gz. With `store_rejects` lines
    that can't be read, being too long or not UTF-8, are missing. -#}
{% macro read_lines(files, store_rejects=false, max_line_size=2000000) -%}
    read_csv(
        {{ files }},
        auto_detect = false,
        header = false,
        delim = chr(1),
        quote = '',
        escape = '',
        strict_mode = false,
        columns = {'line': 'varchar'},
        filename = 'file_path',
        hive_partitioning = false,
        max_line_size = {{ max_line_size }},
        buffer_size = {{ 2 * max_line_size }}
    {%- if store_rejects %},
        store_rejects = true,
        rejects_table = 'line_errors',
        rejects_scan = 'line_scans'
    {%- endif %}
    )
{%- endmacro %}
