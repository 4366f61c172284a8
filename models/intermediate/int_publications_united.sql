with united as (

    {% for publications in publication_sources() -%}
        select
            '{{ publications.article_type }}' as article_type,
            {{ publications.is_registered }} as has_registered_id,
            {{ position_in_table() }} as table_position,
            publication_id,
            title,
            journal,
            publication_date,
            date_precision,
            publication_hash,
            raw_file,
            is_usable
        from {{ ref(publications.model) }}
        {% if not loop.last %}
            union all

        {% endif -%}
    {% endfor %}

),

usable as (

    select
        article_type,
        publication_id,
        title,
        journal,
        publication_date,
        date_precision,
        publication_hash,
        has_registered_id and publication_id is not null as has_registered_id,
        raw_file,
        table_position
    from united
    where is_usable

)

select * from usable
