using KafkaCaching.EntityFrameworkCore.Options;
using KafkaCaching.Hybrid;
using Microsoft.Extensions.Options;

namespace KafkaCaching.EntityFrameworkCore.Hosting;

/// <summary>The settings of one cache of a container: made when those of the hybrid cache behind it are.</summary>
internal sealed class EfSettings(string name, Action<KafkaEfCacheOptions>? configure)
{
    private KafkaEfCacheOptions? _options;

    /// <summary>The settings.</summary>
    /// <exception cref="InvalidOperationException">The hybrid cache has not made its options by these.</exception>
    public KafkaEfCacheOptions Options => _options ?? throw new InvalidOperationException(
        $"The hybrid cache '{name}' was not added by AddKafkaEfCache. Give it another name.");

    /// <summary>Makes the settings, which set those of the hybrid cache. Of the options that the container makes, the first ones count here
    /// as there.</summary>
    /// <exception cref="OptionsValidationException">They are out of range.</exception>
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
