-- Scores are counted in hundredths, so that they add up exactly: 50 to begin with.
WITH
  subject AS (
    SELECT coalesce(
        CAST(:child_age_months AS integer),
        (extract(year FROM current_date) - extract(year FROM birth_date)) * 12
          + extract(month FROM current_date) - extract(month FROM birth_date)
          - CASE
            WHEN extract(day FROM current_date) < extract(day FROM birth_date) THEN 1
            ELSE 0
          END) AS months
    FROM child
    WHERE id = CAST(:child_id AS uuid)
  ),
  done AS (
    SELECT activity_id, count(*) AS times
    FROM participation
    WHERE child_id = CAST(:child_id AS uuid)
    GROUP BY activity_id
  ),
  suited AS (
    SELECT activity.*, months, coalesce(times, 0) AS times,
      CAST(age_range ->> 'min' AS integer) AS from_months,
      CAST(age_range ->> 'max' AS integer) AS to_months
    FROM subject
    CROSS JOIN activity
    LEFT JOIN done ON done.activity_id = activity.id
    WHERE (CAST(:activity_types AS jsonb) IS NULL
        OR type IN (SELECT value FROM jsonb_array_elements_text(CAST(:activity_types AS jsonb))))
      AND (CAST(:group_size AS integer) IS NULL OR CAST(:group_size AS integer)
        BETWEEN CAST(group_size ->> 'min' AS integer) AND CAST(group_size ->> 'max' AS integer))
      AND (CAST(:include_special_needs AS boolean) OR special_needs_adaptations IS NULL)
  ),
  weighed AS (
    SELECT id, name, type, times,
      CASE
        WHEN months BETWEEN from_months AND to_months THEN 20
        WHEN months BETWEEN from_months - 6 AND to_months + 6 THEN 10
        ELSE 0
      END AS for_age,
      CASE WHEN coalesce(weather, CAST(:weather AS text)) = CAST(:weather AS text) THEN 5 ELSE 0
      END AS for_weather,
      CASE WHEN times = 0 THEN 10 ELSE -least(5 * times, 20) END AS for_novelty
    FROM suited
  )
SELECT
  id AS activity_id, name, type,
  greatest(0, least(50 + for_age + for_weather + for_novelty, 100)) / 100.0 AS relevance_score,
  CASE for_age WHEN 20 THEN 'Perfect age match; ' WHEN 10 THEN 'Near the age range; ' ELSE '' END
    || CASE for_weather WHEN 5 THEN 'Suits ' || CAST(:weather AS text) || ' weather; ' ELSE '' END
    || CASE times
      WHEN 0 THEN 'Fresh activity suggestion'
      WHEN 1 THEN 'Done once before'
      ELSE 'Done ' || times || ' times before'
    END AS reasoning
FROM weighed
ORDER BY relevance_score DESC, name COLLATE "C", activity_id
LIMIT CAST(:max_recommendations AS integer)
