using Confluent.Kafka;

namespace KafkaCaching.Clients;

/// <summary>Confluent's bags of settings, for those who set them by name: with Confluent's names as properties, or with Kafka's own, which
/// have dots.</summary>
internal static class ClientSettings
{
    public static bool Are(Type type) => type.IsAssignableTo(typeof(Config));

    public static bool IsKafkasName(string name) => name.Contains('.', StringComparison.Ordinal);

    public static void Set(object settings, string name, string? value)
    {
        if (value is not null)
            ((Config)settings).Set(name, value);
    }

    /// <summary>How many settings are set, under whatever names; <see langword="null"/> for what is no bag of settings.</summary>
    public static int? Count(object settings) =>
        (settings as Config)?.Select(static setting => KafkaProperties.Canonical(setting.Key)).Distinct(StringComparer.Ordinal).Count();
}
