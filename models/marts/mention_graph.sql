-- The published mentions as a graph for networkx, igraph, Gephi and Cytoscape:
-- a drug is mentioned in a publication, which a journal published. Above
-- `graph_mentions` mentions it has drugs and journals only.
--
-- It is named below so that the graph waits for the same audits as the JSON.
-- depends_on: {{ ref('raw_file_reconciliation') }}
with mentions as (

    select * from {{ ref('mentions_by_name') }}

),

-- Ids of nodes may have only letters, digits and `_`, hence the hash.
journals as (

    select
        shown_journal,
        'journal_' || left(md5(shown_journal), 16) as journal_node
    from mentions
    where shown_journal is not null
    group by shown_journal

),

drugs as (

    select
        'drug_' || min(drug_key) as drug_node,
        drug_name,
        string_agg(atc_code, ' ' order by atc_code) as atc_codes
    from {{ ref('int_drugs') }}
    where
        drug_name in (
            select mentions.drug_name from mentions
        )
    group by drug_name

),

size as (

    select
        coalesce(sum(atc_code_count), 0) <= {{ var('graph_mentions') }}
            as has_publications
    from mentions

),

-- Empty above `graph_mentions`.
publication_mentions as (

    select *
    from mentions
    where (select size.has_publications from size)

),

publications as (

    select
        'publication_' || publication_key as publication_node,
        any_value(title) as title,
        any_value(article_type) as article_type,
        any_value(publication_id) as publication_id,
        any_value(publication_date)::varchar as published_on,
        any_value(shown_journal) as shown_journal
    from publication_mentions
    group by publication_key

),

journal_mentions as (

    select
        drug_key,
        shown_journal,
        min(publication_date)::varchar as mentioned_on,
        max(publication_date)::varchar as last_mentioned_on,
        count(*) as publications
    from mentions
    where
        shown_journal is not null
        and not (select size.has_publications from size)
    group by drug_key, shown_journal

),

nodes as (

    select
        drug_node as node_id,
        'drug' as kind,
        drug_name as label,
        atc_codes,
        null as article_type,
        null as publication_id,
        null as published_on
    from drugs

    union all

    select
        journal_node as node_id,
        'journal' as kind,
        shown_journal as label,
        null as atc_codes,
        null as article_type,
        null as publication_id,
        null as published_on
    from journals

    union all

    select
        publication_node as node_id,
        'publication' as kind,
        title as label,
        null as atc_codes,
        article_type,
        publication_id,
        published_on
    from publications

),

edges as (

    select
        'drug_' || drug_key as source_node,
        'publication_' || publication_key as target_node,
        'mentioned_in' as kind,
        publication_date::varchar as mentioned_on,
        null as last_mentioned_on,
        matched_text,
        1 as weight
    from publication_mentions

    union all

    select
        publications.publication_node as source_node,
        journals.journal_node as target_node,
        'published_in' as kind,
        publications.published_on as mentioned_on,
        null as last_mentioned_on,
        null as matched_text,
        1 as weight
    from publications
    inner join journals
        on publications.shown_journal = journals.shown_journal

    union all

    select
        'drug_' || journal_mentions.drug_key as source_node,
        journals.journal_node as target_node,
        'mentioned_by' as kind,
        journal_mentions.mentioned_on,
        journal_mentions.last_mentioned_on,
        null as matched_text,
        journal_mentions.publications as weight
    from journal_mentions
    inner join journals
        on journal_mentions.shown_journal = journals.shown_journal

),

-- The pieces of the file, in its order. Each is a row, because the whole may
-- not fit into memory. `concat` skips nulls.
pieces as (

    select
        1 as part,
        null as kind,
        null as label,
        null as first_id,
        null as second_id,
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
' as content

    union all

    select
        2 as part,
        kind,
        label,
        node_id as first_id,
        null as second_id,
        concat(
            '<node id="', node_id, '">',
            '<data key="kind">', kind, '</data>',
            '<data key="label">', xml_text(label), '</data>',
            '<data key="atc_codes">' || xml_text(atc_codes) || '</data>',
            '<data key="article_type">' || article_type || '</data>',
            '<data key="publication_id">' || xml_text(publication_id)
            || '</data>',
            '<data key="published_on">' || published_on || '</data>',
            '</node>', chr(10)
        ) as content
    from nodes

    union all

    select
        3 as part,
        kind,
        null as label,
        source_node as first_id,
        target_node as second_id,
        concat(
            '<edge source="', source_node, '" target="', target_node, '">',
            '<data key="relation">', kind, '</data>',
            '<data key="date">' || mentioned_on || '</data>',
            '<data key="last_date">' || last_mentioned_on || '</data>',
            '<data key="matched_text">' || xml_text(matched_text)
            || '</data>',
            '<data key="weight">', weight, '</data>',
            '</edge>', chr(10)
        ) as content
    from edges

    union all

    select
        4 as part,
        null as kind,
        null as label,
        null as first_id,
        null as second_id,
        '</graph>
</graphml>
' as content

)

select content from pieces
order by part, kind, label, first_id, second_id
