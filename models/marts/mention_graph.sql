-- The published mentions as a graph for networkx, igraph, Gephi and Cytoscape:
-- a drug is mentioned in a publication, which a journal published. Above
-- `graph_mentions` mentions it has drugs and journals only.
--
-- It waits for the same audits as the JSON.
-- depends_on: {{ ref('raw_file_reconciliation') }}
with mentions as (

    select * from {{ ref('mentions') }}

),

journals as (

    select * from {{ ref('int_journals') }}

),

-- A drug is one node, whatever codes it stands on, and so is a journal, however
-- it is written. An id may have letters, digits and `_` only.
named as (

    select
        'publication_' || mentions.publication_key as publication_node,
        'drug_'
        || min(mentions.drug_key) over (partition by mentions.drug_name)
            as drug_node,
        'journal_'
        || left(md5(coalesce(journals.shown_journal, mentions.journal)), 16)
            as journal_node,
        coalesce(journals.shown_journal, mentions.journal) as shown_journal,
        mentions.*
    from mentions
    left join journals on mentions.journal = journals.journal

),

size as (

    select
        count(*) <= {{ var('graph_mentions') }} as has_publications
    from mentions

),

nodes as (

    select
        drug_node as node_id,
        'drug' as kind,
        any_value(drug_name) as label,
        string_agg(distinct atc_code, ' ' order by atc_code) as atc_codes,
        null as article_type,
        null as publication_id,
        null as published_on
    from named
    group by drug_node

    union all

    select
        journal_node as node_id,
        'journal' as kind,
        any_value(shown_journal) as label,
        null as atc_codes,
        null as article_type,
        null as publication_id,
        null as published_on
    from named
    where journal_node is not null
    group by journal_node

    union all

    select
        publication_node as node_id,
        'publication' as kind,
        any_value(title) as label,
        null as atc_codes,
        any_value(article_type) as article_type,
        any_value(publication_id) as publication_id,
        any_value(publication_date)::varchar as published_on
    from named
    where (select size.has_publications from size)
    group by publication_node

),

edges as (

    select
        drug_node as source_node,
        publication_node as target_node,
        'mentioned_in' as kind,
        any_value(publication_date)::varchar as mentioned_on,
        null as last_mentioned_on,
        min(matched_text) as matched_text,
        '1' as weight
    from named
    where (select size.has_publications from size)
    group by drug_node, publication_node

    union all

    select
        publication_node as source_node,
        journal_node as target_node,
        'published_in' as kind,
        any_value(publication_date)::varchar as mentioned_on,
        null as last_mentioned_on,
        null as matched_text,
        '1' as weight
    from named
    where
        journal_node is not null
        and (select size.has_publications from size)
    group by publication_node, journal_node

    union all

    select
        drug_node as source_node,
        journal_node as target_node,
        'mentioned_by' as kind,
        min(mentioned_on)::varchar as mentioned_on,
        max(mentioned_on)::varchar as last_mentioned_on,
        null as matched_text,
        count(*)::varchar as weight
    from (
        -- A drug on several ATC codes has a row for each.
        select
            drug_node,
            journal_node,
            any_value(publication_date) as mentioned_on
        from named
        where
            journal_node is not null
            and not (select size.has_publications from size)
        group by drug_node, journal_node, publication_key
    ) as drug_publications
    group by drug_node, journal_node

),

node_lines as (

    select
        string_agg(
            '<node id="' || node_id || '">'
            || '<data key="kind">' || kind || '</data>'
            || '<data key="label">' || xml_text(label) || '</data>'
            || coalesce(
                '<data key="atc_codes">' || xml_text(atc_codes) || '</data>',
                ''
            )
            || coalesce(
                '<data key="article_type">' || article_type || '</data>', ''
            )
            || coalesce(
                '<data key="publication_id">' || xml_text(publication_id)
                || '</data>',
                ''
            )
            || coalesce(
                '<data key="published_on">' || published_on || '</data>', ''
            )
            || '</node>' || chr(10),
            ''
            order by kind, label, node_id
        ) as content
    from nodes

),

edge_lines as (

    select
        string_agg(
            '<edge source="' || source_node || '" target="' || target_node
            || '">'
            || '<data key="relation">' || kind || '</data>'
            || coalesce(
                '<data key="date">' || mentioned_on || '</data>', ''
            )
            || coalesce(
                '<data key="last_date">' || last_mentioned_on
                || '</data>',
                ''
            )
            || coalesce(
                '<data key="matched_text">' || xml_text(matched_text)
                || '</data>',
                ''
            )
            || '<data key="weight">' || weight || '</data>'
            || '</edge>' || chr(10),
            ''
            order by kind, source_node, target_node
        ) as content
    from edges

),

graph as (

    select
        '<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="kind" for="node" attr.name="kind" attr.type="string"/>
<key id="label" for="node" attr.name="label" attr.type="string"/>
<key id="atc_codes" for="node" attr.name="atc_codes" attr.type="string"/>
<key id="article_type" for="node" attr.name="article_type" attr.type="string"/>
<key id="publication_id" for="node" attr.name="publication_id"'
        || ' attr.type="string"/>
<key id="published_on" for="node" attr.name="published_on" attr.type="string"/>
<key id="relation" for="edge" attr.name="relation" attr.type="string"/>
<key id="date" for="edge" attr.name="date" attr.type="string"/>
<key id="last_date" for="edge" attr.name="last_date"'
        || ' attr.type="string"/>
<key id="matched_text" for="edge" attr.name="matched_text" attr.type="string"/>
<key id="weight" for="edge" attr.name="weight" attr.type="int"/>
<graph id="mentions" edgedefault="directed">
'
        || coalesce(node_lines.content, '')
        || coalesce(edge_lines.content, '')
        || '</graph>
</graphml>
' as content
    from node_lines
    cross join edge_lines

)

select * from graph
