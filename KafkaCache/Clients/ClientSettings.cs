using Confluent.Kafka;

namespace KafkaCaching.Clients;

/// <summary>Confluent's settings objects, for code that sets them by name. A name is either one of Confluent's property names or one of
/// Kafka's own names, which contain dots.</summary>
internal static class ClientSettings
{
    public static bool Are(Type type) => type.IsAssignableTo(typeof(Config));

    public static bool IsKafkasName(string name) => name.Contains('.', StringComparison.Ordinal);

    public static void Set(object settings, string name, string? value)
    {
        if (value is not null)
            ((Config)settings).Set(name, value);
    }

    /// <summary>How many settings are set, each counted once whatever its name; <see langword="null"/> if the object is not a settings
    /// object.</summary>
    public static int? Count(object settings) =>
        (settings as Config)?.Select(static setting => KafkaProperties.Canonical(setting.Key)).Distinct(StringComparer.Ordinal).Count();
}
