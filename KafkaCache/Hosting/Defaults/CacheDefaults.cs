using KafkaCaching.Hosting.Configuration;
using Microsoft.Extensions.Configuration;

namespace KafkaCaching.Hosting.Defaults;

/// <summary>The settings from one call of <c>AddKafkaCacheDefaults</c>. They are applied to every cache of the container before its own
/// settings.</summary>
internal sealed class CacheDefaults(IConfiguration? section, Action<IKafkaCacheDefaults>? configure)
{
    // These options distinguish one cache from another, so they can't be the same for all caches.
    private static readonly string[] OfOneCache = [nameof(KafkaCacheOptions<,>.Topic), nameof(KafkaCacheOptions<,>.Name)];

    /// <summary>The path of the section, if a section was given but is empty; otherwise <see langword="null"/>.</summary>
    public string? EmptySection => section is IConfigurationSection named && !named.GetChildren().Any() ? named.Path : null;

    public void ApplyTo<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull
    {
        if (section is not null)
            SectionBinder.Bind(section, options);
        configure?.Invoke(options);
    }

    /// <summary>Returns the faults in the section. They are reported once, not for every cache to which the section is applied.</summary>
    public IEnumerable<string> Faults()
    {
        if (section is null)
            return [];
        return
        [
            .. section.GetChildren()
                .Where(static setting => OfOneCache.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))
                .Select(static setting =>
                    $"{setting.Path} can't be the same for all caches. Move it to the section of the cache that it is meant for."),
            .. SectionBinder.Bind(section, new KafkaCacheOptions<string, string>()),
        ];
    }
}
