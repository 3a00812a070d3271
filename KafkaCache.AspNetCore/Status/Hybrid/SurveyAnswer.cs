using KafkaCaching.Hybrid;

namespace KafkaCaching.AspNetCore.Status.Hybrid;

/// <summary>The counts of a hybrid cache, or why there are none.</summary>
internal sealed record SurveyAnswer(SurveyCounts? Counts, string? Message = null)
{
    private const int Tags = 50;
    private const int Entries = 10;

    public static SurveyAnswer Of(KafkaHybridCache cache, CancellationToken cancellationToken)
    {
        try
        {
            return new SurveyAnswer(SurveyCounts.Of(cache.Survey(Tags, Entries, cancellationToken)));
        }
        catch (CacheNotReadyException notReady)
        {
            return new SurveyAnswer(null, notReady.Message);
        }
        catch (CacheFaultedException)
        {
            return new SurveyAnswer(null, $"The cache has faulted. {cache.Cache.Status.FaultText}");
        }
        catch (ObjectDisposedException)
        {
            return new SurveyAnswer(null, "The cache has been stopped.");
        }
    }
}

/// <summary>The counts as the page shows them.</summary>
internal sealed record SurveyCounts(
    long Entries, long Bytes, long DistributedEntries, IReadOnlyList<SurveyedTag> Tags, bool HasMoreTags, IReadOnlyList<LargeEntry> Largest)
{
    public static SurveyCounts Of(HybridCacheSurvey survey) => new(
        survey.Entries, survey.Bytes, survey.DistributedEntries, survey.Tags, survey.HasMoreTags,
        [.. survey.Largest.Select(static entry => new LargeEntry(entry.Key, entry.Bytes, entry.FreshFor.TotalSeconds))]);
}

/// <summary>One of the largest entries.</summary>
internal sealed record LargeEntry(string Key, long Bytes, double SecondsLeft);
