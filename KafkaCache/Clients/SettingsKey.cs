using Confluent.Kafka;

namespace KafkaCaching.Clients;

/// <summary>A key that is the same for two clients with the same settings. It contains secrets, so it is held only in memory.</summary>
internal static class SettingsKey
{
    // The separator is a null character, because a value such as a certificate may contain line breaks. A value can't contain a null
    // character, because librdkafka would end the value there.
    public static string Of(Config settings)
    {
        List<string> lines = [];
        foreach (var (key, value) in settings)
            lines.Add($"{key}={value}");
        lines.Sort(StringComparer.Ordinal);
        return string.Join('\0', lines);
    }
}
