using KafkaCaching.Hosting.Defaults;

namespace KafkaCaching.Hosting;

/// <summary>All caches and views of a container. No cache is started until the settings of all of them are known to be valid, so that all
/// faults can be corrected at once.</summary>
internal sealed class RegisteredCaches(
    IServiceProvider services, IEnumerable<CacheRegistration> registrations, IEnumerable<ViewRegistration> views,
    IEnumerable<CacheDefaults> defaults)
{
    /// <summary>The part of the liveness check's name that follows <c>kafkacache-</c>. In a readiness check, the name of the cache or view
    /// follows instead, so no cache or view may have this name.</summary>
    public const string Liveness = "live";

    private readonly CacheRegistration[] _registrations = [.. registrations];
    private readonly ViewRegistration[] _views = [.. views];
    private IReadOnlyList<string>? _faults;

    public IEnumerable<(CacheRegistration Registration, IKafkaCache Cache)> Start()
    {
        ThrowIfFaulty();
        return [.. _registrations.Select(registration => (registration, registration.Cache(services)))];
    }

    /// <exception cref="WrongSettingsException">The settings have faults. The exception names the faults of all caches.</exception>
    public void ThrowIfFaulty()
    {
        if (Faults() is { Count: > 0 } faults)
            throw new WrongSettingsException(faults);
    }

    public IReadOnlyList<string> Faults() => _faults ??= [.. FindFaults()];

    private IEnumerable<string> FindFaults()
    {
        CacheFaults[] faults = [.. _registrations.Select(registration => registration.Faults(services))];
        string[] ofCaches = [.. Shared(faults), .. Taken(), .. faults.SelectMany(static one => one.Messages)];
        var ofViews = NamesOfViews().Concat(_views.SelectMany(view => view.Faults(_registrations)));
        return [.. OfDefaults(ofCaches.Length > 0), .. ofCaches, .. ofViews];
    }

    // The section of the defaults may be missing on purpose, for example in the development environment. Its absence is reported only if
    // there are other faults that it may explain.
    private IEnumerable<string> OfDefaults(bool something) => defaults.SelectMany(one => one.EmptySection is { } path && something
        ? [
            $"Defaults of all caches: their section of the configuration, {path}, is missing or empty. Correct the section's name, or set "
            + "them in code.",
        ]
        : one.Faults().Select(static fault => $"Defaults of all caches: {fault}"));

    // Health checks compare names without regard to case, and metrics distinguish caches by the name in the options.
    private IEnumerable<string> Shared(CacheFaults[] faults)
    {
        var registered = SharedNames(_registrations.Select(static one => one.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var name in registered)
            yield return $"Two caches are registered under the name '{name}' (upper and lower case are the same here). Give each "
                + "AddKafkaCache a name of its own.";
        foreach (var name in SharedNames(faults.Select(static one => one.Name)).Where(name => !registered.Contains(name)))
            yield return $"Two caches have '{name}' as the option Name (upper and lower case are the same here). Leave Name out: it is "
                + "then the name given to AddKafkaCache.";
    }

    private IEnumerable<string> Taken() => _registrations
        .Where(static one => one.Name.Equals(Liveness, StringComparison.OrdinalIgnoreCase))
        .Select(static one =>
            $"A cache is registered under the name '{one.Name}', which is reserved for the liveness check (kafkacache-{Liveness}). "
            + "Give the cache another name.");

    // A view has a health check, like a cache, so its name must be unique too.
    private IEnumerable<string> NamesOfViews()
    {
        var caches = _registrations.Select(static one => one.Name).Append(Liveness);
        var taken = SharedNames([.. caches.Distinct(StringComparer.OrdinalIgnoreCase), .. _views.Select(static one => one.Name)])
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return _views.Select(static one => one.Name).Where(taken.Contains).Select(static name =>
            $"View '{name}': a cache, another view or the liveness check has this name (upper and lower case are the same here). Give the "
            + "view another name.");
    }

    private static IEnumerable<string> SharedNames(IEnumerable<string> names) =>
        names.GroupBy(static name => name, StringComparer.OrdinalIgnoreCase)
            .Where(static same => same.Skip(1).Any())
            .Select(static same => same.Key);
}
