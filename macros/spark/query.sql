{#- Runs DuckDB's SQL inside Spark's tasks, see pyspark_duckdb.py: a temporary
    view over what it gives, or over what it tells of the files it writes. -#}
{% macro spark_view_over(sql, write_to='', copy_options=none) -%}
    {%- set root = spark_data_root() -%}
    {%- set by_file, published = [], {} -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
        {%- if node.config.materialized == 'incremental'
            or 'source.drug_mentions.raw.files' in node.depends_on.nodes -%}
            {%- do by_file.append(node.name) -%}
        {%- elif node.config.materialized == 'file' -%}
            {%- set columns = {} -%}
            {%- for column in node.columns.values() -%}
                {%- do columns.update({column.name: column.data_type}) -%}
            {%- endfor -%}
            {%- do published.update({node.name: {'a_file': node.config.location, 'columns': columns}}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set query = {
        'sql': sql,
        'schema': target.schema,
        'project': flags.PROJECT_DIR | string,
        'root': root,
        'tables': spark_tables(),
        'memory': env_var('DRUG_MENTIONS_MEMORY', '2GB'),
        'task_bytes': env_var('DRUG_MENTIONS_TASK_BYTES', '32_000_000') | int,
        'by_file': by_file,
        'is_by_file': model is defined and model.name in by_file,
        'published': published,
        'write_to': write_to,
    } -%}
    {%- if copy_options -%}
        {%- do query.update({'copy_options': copy_options}) -%}
    {%- endif -%}
    {%- do run_query(
        "create or replace temporary view duckdb_tasks using duckdb_tasks options (query '"
        ~ tojson(query) | replace("'", "''") ~ "')"
    ) -%}
{%- endmacro %}


{#- As the statement that dbt reports. A refusal is told as DuckDB's build tells
    it, without Spark's traceback. -#}
{% macro spark_write(sql, write_to, copy_options=none) -%}
    {%- do spark_view_over(sql, write_to, copy_options) -%}
    {%- call statement('main', fetch_result=True) -%}
        select written, refusal from duckdb_tasks
    {%- endcall -%}
    {%- set refusals = load_result('main').table.columns['refusal'].values() | select | unique | list -%}
    {%- if refusals -%}
        {{- exceptions.raise_compiler_error(refusals | join('\n')) -}}
    {%- endif -%}
{%- endmacro %}


{#- Where dbt-duckdb has the setting external_root. -#}
{% macro spark_data_root() -%}
    {%- set root = env_var('DRUG_MENTIONS_DATA', 'data') | replace('file://', '') -%}
    {%- if '://' in root -%}
        {{- exceptions.raise_compiler_error(
            "On Spark the data root must be a folder that all machines see under one path, and DRUG_MENTIONS_DATA is "
            ~ root ~ "."
        ) -}}
    {%- endif -%}
    {{- return(root if root.startswith('/') else flags.PROFILES_DIR ~ '/' ~ root) -}}
{%- endmacro %}


{% macro spark_tables() -%}
    {{- return(env_var('DRUG_MENTIONS_SPARK_TABLES', spark_data_root() ~ '/spark_tables')) -}}
{%- endmacro %}
