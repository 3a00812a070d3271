namespace KafkaCaching.Jobs.Refreshing;

/// <summary>What an instance does as the leader, for its status.</summary>
internal sealed record RefreshLeading(
    KafkaLeadership Leadership, Func<DateTimeOffset?> Next, Func<FetchProgress?> Progress, Func<string?> Problem);
