{#- What is materialized as on DuckDB stands here as files: a table is a folder of
    Parquet files, a view a file with its SQL. Every build makes all of them. -#}
{% materialization table, adapter='spark' %}
    {{- return(spark_table(sql)) -}}
{% endmaterialization %}


{#- A model that reads what is new is made file by file: in one task for every
    share of the raw files. -#}
{% materialization incremental, adapter='spark' %}
    {{- return(spark_table(sql)) -}}
{% endmaterialization %}


{#- What is read share by share must stand on disk in shares. -#}
{% materialization view, adapter='spark' %}
    {%- if this.identifier in models_of_many_tasks().split_by -%}
        {{- return(spark_table(sql)) -}}
    {%- endif -%}
    {{- return(spark_build(
        "select encode('" ~ sql | replace("'", "''") ~ "') as content",
        spark_tables() ~ '/' ~ this.identifier ~ '/view.sql',
        'format blob'
    )) -}}
{% endmaterialization %}


{#- Without a folder it is no published file, see `publish_file`. -#}
{% materialization file, adapter='spark' %}
    {%- set location = config.require('location') -%}
    {%- if '/' not in location -%}
        {{- return(spark_table(sql)) -}}
    {%- endif -%}
    {{- return(spark_build(
        rows_to_copy(location, get_select_subquery(sql)),
        data_root() ~ '/' ~ location,
        copy_options(location),
        'format json, array ' ~ (not is_newline_delimited(location))
            ~ ', file_size_bytes ' ~ part_bytes(location)
            if part_bytes(location) else ''
    )) -}}
{% endmaterialization %}


{% macro spark_table(sql) -%}
    {%- if config.get('contract').enforced -%}
        {%- set sql = get_select_subquery(sql) -%}
    {%- endif -%}
    {{- return(spark_build(sql, spark_tables() ~ '/' ~ this.identifier ~ '/')) -}}
{%- endmacro %}


{% macro spark_build(sql, write_to, copy_options='', part_options='') -%}
    {%- if flags.EMPTY -%}
        {#- Touches no file. -#}
        {%- call statement('main') -%}
            select 'nothing written'
        {%- endcall -%}
    {%- else -%}
        {{ run_hooks(pre_hooks) }}
        {%- do spark_write(sql, write_to, copy_options, part_options) -%}
        {{ run_hooks(post_hooks) }}
    {%- endif -%}
    {{- return({'relations': [this.incorporate(type='view')]}) -}}
{%- endmacro %}
