using Confluent.Kafka;

namespace KafkaCaching.Clients;

/// <summary>Sets the settings of Confluent's configuration objects by name. A name is either that of a property of the object or one of
/// Kafka's own names, which contain dots.</summary>
internal static class ClientSettings
{
    public static bool Are(Type type) => type.IsAssignableTo(typeof(Config));

    public static bool IsKafkaProperty(string name) => name.Contains('.', StringComparison.Ordinal);

    public static void Set(object settings, string name, string? value)
    {
        if (value is not null)
            ((Config)settings).Set(name, value);
    }

    /// <summary>Counts the settings that are set. A setting counts once, regardless of the names under which it is set. Returns
    /// <see langword="null"/> if the object is not a configuration object.</summary>
    public static int? Count(object settings) =>
        (settings as Config)?.Select(static setting => KafkaProperties.Canonical(setting.Key)).Distinct(StringComparer.Ordinal).Count();
}
