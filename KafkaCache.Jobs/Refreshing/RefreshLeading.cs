namespace KafkaCaching.Jobs.Refreshing;

/// <summary>The leadership of an instance and its refreshes, for its status.</summary>
internal sealed record RefreshLeading(
    KafkaLeadership Leadership, Func<DateTimeOffset?> Next, Func<FetchProgress?> Progress, Func<string?> Problem);
