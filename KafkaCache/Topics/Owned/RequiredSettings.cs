using System.Globalization;

namespace KafkaCaching.Topics.Owned;

/// <summary>The settings that a topic must have, with Kafka's names and in Kafka's format.</summary>
internal static class RequiredSettings
{
    private const string Unlimited = "-1";

    /// <summary>The settings that a new topic is created with.</summary>
    public static Dictionary<string, string> Of(TopicRequirements topic) =>
        All(topic).ToDictionary(static one => one.Name, static one => one.Value, StringComparer.Ordinal);

    public static IEnumerable<RequiredSetting> All(TopicRequirements topic)
    {
        yield return new RequiredSetting("cleanup.policy", PolicyOf(topic.Cleanup), Is: IsSameList, Must: "must be");
        if (topic.MinRetention is { } retention)
            yield return new RequiredSetting("retention.ms", Milliseconds(retention), Is: IsAtLeast, Must: "must be at least");
        if (topic.MinCompactionLag is { } lag)
            yield return new RequiredSetting("min.compaction.lag.ms", Milliseconds(lag), Is: IsAtLeast, Must: "must be at least");
        if (topic.Cleanup is TopicCleanup.CompactAndDelete)
            yield return new RequiredSetting("retention.bytes", Unlimited, Is: IsSame, Must: "must be");
        if (topic.LogAppendTime)
            yield return new RequiredSetting("message.timestamp.type", "LogAppendTime", Is: IsSame, Must: "must be");
    }

    private static string PolicyOf(TopicCleanup cleanup) => cleanup switch
    {
        TopicCleanup.Compact => "compact",
        TopicCleanup.CompactAndDelete => "compact,delete",
        _ => "delete",
    };

    private static string Milliseconds(TimeSpan time) =>
        ((long)Math.Ceiling(time.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);

    private static bool IsSame(string actual, string required) => actual == required;

    // The brokers report the list as it was set, in any order.
    private static bool IsSameList(string actual, string required) =>
        actual.Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal).SetEquals(required.Split(','));

    private static bool IsAtLeast(string actual, string required) => actual == Unlimited
        || (long.TryParse(actual, CultureInfo.InvariantCulture, out var value)
            && value >= long.Parse(required, CultureInfo.InvariantCulture));
}
