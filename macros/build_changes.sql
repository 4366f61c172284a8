{#- What a build changes, in numbers, from stg_raw_files on. -#}
{% macro build_changes() -%}
    {{- return(api.Relation.create(
        database=this.database, schema=this.schema, identifier='build_changes'
    )) -}}
{%- endmacro %}


{#- Pre-hook of the model that publishes: raw files since it last did. -#}
{% macro count_raw_files() -%}
    {%- if execute and keeps_state() and not flags.EMPTY -%}
        insert into {{ build_changes() }}
        select
            'Raw files' as counted,
            count(raw_files.raw_file) as total,
            count(*) filter (where seen.raw_file is null) as added,
            count(*) filter (where raw_files.raw_file_version <> seen.raw_file_version)
                as corrected,
            count(*) filter (where raw_files.raw_file is null) as removed
        from {{ raw_files_now() }} as raw_files
        full join (
            select * from {{ raw_files_seen() }}
            where model = '{{ this.identifier }}'
        ) as seen on raw_files.raw_file = seen.raw_file
    {%- endif -%}
{%- endmacro %}


{#- Pre-hook: keeps the rows that are about to be replaced. -#}
{% macro keep_replaced_rows() -%}
    {%- if execute and keeps_state() and not flags.EMPTY and load_relation(this) is not none -%}
        create or replace temp table replaced_rows as select * from {{ this }}
    {%- endif -%}
{%- endmacro %}


{#- Post-hook: compares replaced_rows with the rows that replace them. Of two
    rows with one `identity` the new one corrects the other. -#}
{% macro count_changes(counted, key, identity, new_rows) -%}
    {%- if execute and keeps_state() and not flags.EMPTY -%}
        {%- set has_replaced = has_temp_table('replaced_rows') -%}
        insert into {{ build_changes() }} by name
        with total as (
            select count(*) as total from {{ this }}
        )
        {%- if has_replaced %},

        added as (
            select {{ identity | join(', ') }}
            from {{ new_rows }} as new_rows
            anti join replaced_rows using ({{ key | join(', ') }})
        ),

        removed as (
            select {{ identity | join(', ') }}
            from replaced_rows
            anti join {{ new_rows }} as new_rows using ({{ key | join(', ') }})
        ),

        corrected as (
            select count(*) as corrected
            from added
            semi join removed using ({{ identity | join(', ') }})
        )
        {%- endif %}

        select
            '{{ counted }}' as counted,
            total.total
        {%- if has_replaced %},
            (select count(*) from added) - corrected.corrected as added,
            corrected.corrected,
            (select count(*) from removed) - corrected.corrected as removed
        from total cross join corrected
        {%- else %}
        from total
        {%- endif %};
        drop table if exists replaced_rows;
        drop table if exists new_rows
    {%- endif -%}
{%- endmacro %}


{% macro has_temp_table(table_name) -%}
    {{- return(run_query(
        "select count(*) from duckdb_tables() where temporary and table_name = '" ~ table_name ~ "'"
    ).columns[0].values()[0] > 0) -}}
{%- endmacro %}


{#- At the end of a run that published. -#}
{% macro say_what_is_new(results) -%}
    {%- for result in results if result.node.name == 'mentioned_drugs'
        and keeps_state() and result.node.resource_type == 'model' and result.status == 'success'
        and flags.WHICH in ['build', 'run'] and not flags.EMPTY -%}
        {%- set changes = run_query("
            select
                string_agg(
                    concat_ws(
                        ', ',
                        counted || ': ' || format('{:,}', total),
                        case when added + corrected + removed = 0 then 'none is new' end,
                        case when added > 0 then format('{:,} new', added) end,
                        case when corrected > 0 then format('{:,} corrected', corrected) end,
                        case when removed > 0 then format('{:,} gone', removed) end
                    ),
                    '. ' order by counted = 'Raw files' desc, counted = 'Publications' desc
                ) || '.'
            from " ~ result.node.relation_name.rsplit('.', 1)[0] ~ ".build_changes
        ").columns[0].values()[0] -%}
        {%- do log(changes, info=true) -%}
    {%- endfor -%}
{%- endmacro %}
