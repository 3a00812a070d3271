namespace KafkaCaching.Jobs.Refreshing;

/// <summary>The leadership and the refreshes of this instance, as its status reports them.</summary>
internal sealed record RefreshLeading(
    KafkaLeadership Leadership, Func<DateTimeOffset?> Next, Func<FetchProgress?> Progress, Func<string?> Problem);
