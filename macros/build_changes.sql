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


{#- Pre-hook of the same model: mentions since it last published any. -#}
{% macro count_mentions() -%}
    {%- if execute and keeps_state() and not flags.EMPTY -%}
        insert into {{ build_changes() }} by name
        select
            'Mentions' as counted,
            (select count(*) from {{ ref('int_drugs_matched') }}) as total
        {%- if has_temp_table('changed_mentions') %},
            count(*) filter (where is_new) as added,
            0 as corrected,
            count(*) filter (where not is_new) as removed
        from changed_mentions
        {%- endif %}
    {%- endif -%}
{%- endmacro %}


{#- Post-hook of the model that merges records: compares replaced_rows with the
    new_rows in their place. Where only one id is the same, a publication was
    corrected. A file that is as it was, and was not edited, was up to date. -#}
{% macro count_publications() -%}
    {%- if execute and keeps_state() and not flags.EMPTY -%}
        insert into {{ build_changes() }} by name
        {%- if is_edited() %}
        with added as (
            select article_type, publication_id
            from new_rows
            anti join replaced_rows using (publication_key)
        ),

        removed as (
            select article_type, publication_id
            from replaced_rows
            anti join new_rows using (publication_key)
        ),

        corrected as (
            select count(*) as corrected
            from added
            semi join removed using (article_type, publication_id)
        )

        {%- endif %}
        select
            'Publications' as counted,
            (select count(*) from {{ this }}) as total
        {%- if is_edited() %},
            (select count(*) from added) - corrected as added,
            corrected,
            (select count(*) from removed) - corrected as removed
        from corrected;
        drop table replaced_rows;
        drop table new_rows
        {%- elif is_file_as_written() %},
            0 as added,
            0 as corrected,
            0 as removed
        {%- endif %}
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
