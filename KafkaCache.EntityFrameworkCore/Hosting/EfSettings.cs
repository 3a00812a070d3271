using KafkaCaching.EntityFrameworkCore.Options;
using KafkaCaching.Hybrid;
using Microsoft.Extensions.Options;

namespace KafkaCaching.EntityFrameworkCore.Hosting;

/// <summary>The settings of one cache of a container. They are created together with those of the hybrid cache behind it.</summary>
internal sealed class EfSettings(string name, Action<KafkaEfCacheOptions>? configure)
{
    private KafkaEfCacheOptions? _options;

    /// <summary>The options of the cache.</summary>
    /// <exception cref="InvalidOperationException">The options of the hybrid cache were not created from these settings.</exception>
    public KafkaEfCacheOptions Options => _options ?? throw new InvalidOperationException(
        $"The hybrid cache '{name}' was not added by AddKafkaEfCache. Give it another name.");

    /// <summary>Creates the settings and applies them to the options of the hybrid cache. If the container creates the options more than
    /// once, the first ones are used, as in the hybrid cache.</summary>
    /// <exception cref="OptionsValidationException">An option is out of range.</exception>
    public void Make(KafkaHybridCacheOptions hybrid)
    {
        var options = new KafkaEfCacheOptions(hybrid);
        configure?.Invoke(options);
        string[] faults = [.. OptionsFaults.Of(options)];
        if (faults.Length > 0)
            throw new OptionsValidationException(name, typeof(KafkaEfCacheOptions), faults);
        _options ??= options;
    }
}
