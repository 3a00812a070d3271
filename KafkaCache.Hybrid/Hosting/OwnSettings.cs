using System.Globalization;
using System.Reflection;
using KafkaCaching.Hosting.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace KafkaCaching.Hybrid.Hosting;

/// <summary>Reads the settings of this package from a section. The rest of the section is left to the underlying cache, which refuses
/// settings that it does not know.</summary>
internal static class OwnSettings
{
    // The underlying cache reads these settings itself, because it also knows Kafka's own names for them.
    private static readonly string[] CacheOptionNames = [
        nameof(KafkaHybridCacheOptions.BootstrapServers), nameof(KafkaHybridCacheOptions.Topic), nameof(KafkaHybridCacheOptions.Store),
        nameof(KafkaHybridCacheOptions.PutTimeout), nameof(KafkaHybridCacheOptions.ApplyTimeout), nameof(KafkaHybridCacheOptions.Client),
        nameof(KafkaHybridCacheOptions.Consumer), nameof(KafkaHybridCacheOptions.Producer), nameof(KafkaHybridCacheOptions.Log),
        nameof(KafkaHybridCacheOptions.TimeProvider),
    ];

    private static readonly Dictionary<string, PropertyInfo> Own = typeof(KafkaHybridCacheOptions).GetProperties()
        .Where(static property => !CacheOptionNames.Contains(property.Name, StringComparer.Ordinal))
        .ToDictionary(static property => property.Name, StringComparer.OrdinalIgnoreCase);

    public static bool Has(string name) => Own.ContainsKey(name);

    /// <returns>Messages that name the settings that could not be read, and what to change. They never quote a value.</returns>
    public static IReadOnlyList<string> Bind(IConfiguration section, KafkaHybridCacheOptions options)
    {
        var faults = new List<string>();
        foreach (var setting in section.GetChildren())
        {
            if (!Own.TryGetValue(setting.Key, out var property))
                continue;
            if (Read(property.PropertyType, setting.Value) is { } value)
                property.SetValue(options, value);
            else
                faults.Add($"{setting.Path} is not {Expected(property.PropertyType)}");
        }

        return faults;
    }

    private static object? Read(Type type, string? text) => text?.Trim() switch
    {
        null => null,
        var word when type.IsEnum => Enum.GetNames(type).FirstOrDefault(name => name.Equals(word, StringComparison.OrdinalIgnoreCase))
            is { } name ? Enum.Parse(type, name) : null,
        var word when type == typeof(bool) => bool.TryParse(word, out var truth) ? truth : null,
        var word when type == typeof(int) =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
        var word when type == typeof(long) =>
            long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
        var word => ConfiguredTime.Read(word),
    };

    private static string Expected(Type type) => type switch
    {
        { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(type))}.",
        _ when type == typeof(bool) => "true or false.",
        _ when type == typeof(TimeSpan) => $"a time. Write {ConfiguredTime.Form}.",
        _ => "a whole number, or is too large. Write digits only, without a unit.",
    };

    /// <summary>The section without this package's settings.</summary>
    public static IConfiguration Without(IConfiguration section) => new Rest(section);

    private sealed class Rest(IConfiguration section) : IConfigurationSection
    {
        public string? this[string key]
        {
            get => section[key];
            set => section[key] = value;
        }

        public string Key => (section as IConfigurationSection)?.Key ?? "";

        public string Path => (section as IConfigurationSection)?.Path ?? "";

        public string? Value
        {
            get => (section as IConfigurationSection)?.Value;
            set => throw new NotSupportedException("The section is read only.");
        }

        public IEnumerable<IConfigurationSection> GetChildren() => section.GetChildren().Where(static child => !Has(child.Key));

        public IChangeToken GetReloadToken() => section.GetReloadToken();

        public IConfigurationSection GetSection(string key) => section.GetSection(key);
    }
}
