{#- For the model that merges records, which is then edited: the temporary table
    changed_titles, of all titles that stand in a new or changed raw file, or
    stood in one that has changed since or is gone; and of those that a
    registered id connects with one of them, since one of its records may be
    merged away in favour of another, or may be so no longer. Their publications
    are to be replaced. Where their records stand, in whichever table, is in the
    temporary table changed_places.

    Files are looked for by name, and not those left out that are known: so
    DuckDB skips all parts of a table that hold none of them. -#}
{% macro find_changed_titles() -%}
    {%- if not begin_edit() -%}
        {{- return(false) -}}
    {%- endif -%}
    {%- set changed_titles -%}
    with recursive unread as (select raw_file from ({{ raw_files_to_read() }}) as files),
    outdated as (
        select seen.raw_file
        from {{ raw_files_seen() }} as seen
        where
            seen.model = '{{ this.identifier }}'
            and seen.raw_file not in ({{ raw_files_up_to_date() }})
    ),
    outdated_publications as materialized (
        select publications.* exclude (merged_raw_files)
        from {{ this }} as publications
        semi join outdated on publications.raw_file = outdated.raw_file
        union all
        select merged.*
        from (
            select
                * exclude (raw_file, merged_raw_files),
                unnest(merged_raw_files) as raw_file
            from {{ this }}
            where merged_raw_files is not null
        ) as merged
        semi join outdated on merged.raw_file = outdated.raw_file
    ),
    links as materialized (
        select
            publication_hash,
            hash(article_type, publication_id) as id_hash
        from {{ ref('int_publications_united') }}
        where has_registered_id
        union
        select
            publication_hash,
            hash(article_type, publication_id) as id_hash
        from outdated_publications
        where publication_id is not null
    ),
    reached as (
        select publication_hash
        from {{ ref('int_publications_united') }} as records
        semi join unread on records.raw_file = unread.raw_file
        union
        select publication_hash
        from outdated_publications
        union
        select links.publication_hash
        from reached
        inner join links as own_links
            on reached.publication_hash = own_links.publication_hash
        inner join links on own_links.id_hash = links.id_hash
    )
    select publication_hash from reached
    {%- endset -%}
    {%- do run_query('create or replace temp table changed_titles as ' ~ changed_titles) -%}
    {%- do run_query("
        create or replace temp table changed_places as
        select table_position
        from " ~ ref('int_publications_united') ~ "
        semi join changed_titles using (publication_hash)
    ") -%}
    {%- do run_query(
        'create or replace temp table replaced_rows as ' ~ rows_found(
            config.require('location'),
            'publication_hash in (select publication_hash from changed_titles)',
            ['file_row_number'] + config.require('compared')
        )
    ) -%}
    {{- return(true) -}}
{%- endmacro %}
