using System.Diagnostics.Metrics;
using KafkaCaching.Hosting.Configuration;
using KafkaCaching.Hosting.Defaults;
using KafkaCaching.Options;
using KafkaCaching.Parts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Hosting;

/// <summary>The options of one cache of a container and all their faults. The options are created once.</summary>
internal sealed class CacheSettings<TKey, TValue> : IDisposable
    where TKey : notnull
{
    private readonly CheckedOptions _checked;
    private readonly ILoggerFactory? _loggerFactory;

    public CacheSettings(IServiceProvider services, OptionsRegistration<TKey, TValue> registration)
    {
        _loggerFactory = services.GetService<ILoggerFactory>();
        Options = Make(services, registration.Name);
        _checked = CheckedOptions.Of(Options);
        Faults = new CacheFaults(Options.Name ?? registration.Name, [.. Messages(services, registration)]);
    }

    public KafkaCacheOptions<TKey, TValue> Options { get; }

    public CacheFaults Faults { get; }

    public KafkaCache<TKey, TValue> Start() => KafkaCache<TKey, TValue>.Start(Options, _checked.Take(), _loggerFactory);

    /// <summary>Disposes of the clients of a cache that was never started, for example because another cache has faults.</summary>
    public void Dispose() => _checked.Dispose();

    // The options are created without their validators, because creation would fail at the first fault, and all faults are to be reported.
    private static KafkaCacheOptions<TKey, TValue> Make(IServiceProvider services, string name)
    {
        DefaultClients<TKey, TValue>? clients = null;
        var defaults = new ConfigureNamedOptions<KafkaCacheOptions<TKey, TValue>>(name, options =>
        {
            foreach (var one in services.GetServices<CacheDefaults>())
                one.ApplyTo(options);

            // From here on, the options hold copies. The defaults of all caches may be one object, and configuring this cache must not
            // affect the other caches.
            clients = new DefaultClients<TKey, TValue>(options);
            options.Store = options.Store?.Copy()!;
            options.Snapshot = options.Snapshot?.Copy()!;
        });
        var options = new OptionsFactory<KafkaCacheOptions<TKey, TValue>>(
            [defaults, .. services.GetServices<IConfigureOptions<KafkaCacheOptions<TKey, TValue>>>()],
            services.GetServices<IPostConfigureOptions<KafkaCacheOptions<TKey, TValue>>>()).Create(name);
        clients!.FillIn(options);
        options.Name ??= name;
        options.MeterFactory ??= services.GetService<IMeterFactory>();
        if (options.TimeProvider == TimeProvider.System)
            options.TimeProvider = services.GetService<TimeProvider>() ?? TimeProvider.System;
        return options;
    }

    private IEnumerable<string> Messages(IServiceProvider services, OptionsRegistration<TKey, TValue> registration)
    {
        string[] ofOptions = [.. _checked.Faults, .. OfValidators(services, registration.Name)];
        if (registration.Section is { } section)
        {
            if (ofOptions.Length > 0 && !section.GetChildren().Any())
            {
                yield return $"Cache '{registration.Name}': its section of the configuration{PathOf(section)} is missing or empty. "
                    + "Correct the section's name, or set the options in code.";
            }

            foreach (var fault in SectionBinder.Bind(section, new KafkaCacheOptions<TKey, TValue>()))
                yield return $"Cache '{registration.Name}': {fault}";
        }

        foreach (var fault in ofOptions)
            yield return $"Cache '{registration.Name}': {fault}";
    }

    private IEnumerable<string> OfValidators(IServiceProvider services, string name) => services
        .GetServices<IValidateOptions<KafkaCacheOptions<TKey, TValue>>>()
        .Select(validator => validator.Validate(name, Options))
        .SelectMany(static result => result.Failures ?? []);

    private static string PathOf(IConfiguration section) => section is IConfigurationSection named ? $", {named.Path}," : "";
}
