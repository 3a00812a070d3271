using Confluent.Kafka;

namespace KafkaCaching.Clients;

/// <summary>Tells whether two clients have the same settings. Held in memory alone: secrets are among them.</summary>
internal static class SettingsKey
{
    // A line break may stand in a value, as in a certificate, but a null can't: librdkafka would end there.
    public static string Of(Config settings)
    {
        List<string> lines = [];
        foreach (var (key, value) in settings)
            lines.Add($"{key}={value}");
        lines.Sort(StringComparer.Ordinal);
        return string.Join('\0', lines);
    }
}
