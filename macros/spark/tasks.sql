{#- How many tasks make a model. `by_file`: one for every share of the raw files.
    `by_key`: all records of one id or title must meet in one task, so each takes
    a share of the ids or titles, by a hash. What such a model reads stands on
    disk in these shares: `split_by` names the hash. -#}
{% macro models_of_many_tasks() -%}
    {%- set by_file = ['int_publication_records'] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
        {%- if node.config.materialized == 'incremental'
            or 'source.drug_mentions.raw.files' in node.depends_on.nodes -%}
            {%- do by_file.append(node.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return({
        'by_file': by_file,
        'by_key': ['int_current_records', 'int_publications', 'int_drug_mentions'],
        'split_by': {
            'int_publication_records':
                'case when has_registered_id then hash(article_type, publication_id) else hash(title_hash) end',
            'int_current_records': 'hash(title_hash)',
            'int_title_mentions': 'hash(title_hash)'
        }
    }) -}}
{%- endmacro %}


{#- Runs DuckDB's SQL inside Spark's tasks, see pyspark_duckdb.py: makes the
    temporary view `duckdb_tasks` over what it gives, or over what tells of the
    files that it writes. -#}
{% macro spark_tasks(sql, write_to='', copy_options='', part_options='') -%}
    {%- set many, published = models_of_many_tasks(), {} -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model'
        and node.config.materialized == 'file' and '/' in node.config.location -%}
        {%- set types = {} -%}
        {%- for column in node.columns.values() -%}
            {%- do types.update({column.name: column.data_type}) -%}
        {%- endfor -%}
        {%- set file = {'location': node.config.location, 'types': types} -%}
        {%- do published.update({node.name: file}) -%}
    {%- endfor -%}
    {%- set task_bytes = env_var('DRUG_MENTIONS_TASK_BYTES', '32000000') -%}
    {%- set makes = model.name
        if model is defined and write_to.endswith('/' ~ model.name ~ '/') else '' -%}
    {%- set query = {
        'sql': sql,
        'schema': target.schema,
        'project': flags.PROFILES_DIR | string,
        'root': data_root(),
        'tables': spark_tables(),
        'memory': env_var('DRUG_MENTIONS_MEMORY', '2GB'),
        'task_bytes': task_bytes | int,
        'by_file': many.by_file,
        'by_key': many.by_key,
        'split_by': many.split_by,
        'makes': makes,
        'published': published,
        'write_to': write_to,
        'copy_options': copy_options
            or 'format parquet, compression zstd, compression_level 1',
        'part_options': part_options,
        'keep_if_empty': config is defined and config.get('keep_if_empty', false),
    } -%}
    {%- set json = tojson(query) -%}
    {%- call statement('tasks') -%}
        create or replace temporary view duckdb_tasks using duckdb_tasks
        options (query '{{ json | replace('\\', '\\\\') | replace("'", "\\'") }}')
    {%- endcall -%}
{%- endmacro %}


{#- As the statement that dbt reports. A refusal is told as DuckDB's build tells
    it, without Spark's traceback. -#}
{% macro spark_write(sql, write_to, copy_options='', part_options='') -%}
    {%- do spark_tasks(sql, write_to, copy_options, part_options) -%}
    {%- call statement('main', fetch_result=True) -%}
        select written, refusal from duckdb_tasks
    {%- endcall -%}
    {%- set refusals = load_result('main').table.columns['refusal'].values() -%}
    {%- set refusals = refusals | select | unique | list -%}
    {%- if refusals -%}
        {{- exceptions.raise_compiler_error(refusals | join('\n')) -}}
    {%- endif -%}
{%- endmacro %}
