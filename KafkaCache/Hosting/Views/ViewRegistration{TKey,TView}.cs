using KafkaCaching.Encodings;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Hosting.Views;

/// <summary>Registers a view as a service that is resolved by its name, and also by its types alone if no other view has the same
/// types.</summary>
internal sealed class ViewRegistration<TKey, TView>(string name) : ViewRegistration(name)
    where TKey : notnull
{
    private Func<IServiceProvider, IKafkaCacheView<TKey, TView>>? _make;

    protected override bool IsComplete => _make is not null;

    public override IKafkaCacheView View(IServiceProvider services) => TypedView(services);

    public void AddTo(IServiceCollection services)
    {
        var isAlone = !services.Any(static one => !one.IsKeyedService && one.ImplementationInstance is ViewRegistration<TKey, TView>);
        services.AddSingleton<ViewRegistration>(this);
        services.AddSingleton<IKafkaCacheView>(TypedView);
        services.AddKeyedSingleton(Name, (provider, _) => Make(provider));
        if (isAlone)
            services.AddSingleton(TypedView);
        else
            services.AddSingleton<IKafkaCacheView<TKey, TView>>(static provider => throw Ambiguous(provider));
    }

    /// <summary>Records that the view reads a cache.</summary>
    /// <returns>The function that gets the cache from the container.</returns>
    public Func<IServiceProvider, IReadOnlyKafkaCache<TCacheKey, TValue>> Cache<TCacheKey, TValue>(string cache)
        where TCacheKey : notnull
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(cache);
        Note(cache, typeof(IReadOnlyKafkaCache<TCacheKey, TValue>));
        return services => services.GetRequiredKeyedService<IReadOnlyKafkaCache<TCacheKey, TValue>>(cache);
    }

    /// <exception cref="InvalidOperationException">The declaration has already been completed.</exception>
    public void Complete(Func<IServiceProvider, IKafkaCacheView<TKey, TView>> make)
    {
        if (_make is not null)
            throw new InvalidOperationException($"The view '{Name}' already has a Select. Add a view with another name.");
        _make = make;
    }

    private IKafkaCacheView<TKey, TView> TypedView(IServiceProvider services) =>
        services.GetRequiredKeyedService<IKafkaCacheView<TKey, TView>>(Name);

    private IKafkaCacheView<TKey, TView> Make(IServiceProvider services)
    {
        services.GetRequiredService<RegisteredCaches>().ThrowIfFaulty();
        return _make!(services);
    }

    private static InvalidOperationException Ambiguous(IServiceProvider services)
    {
        string[] names =
            [.. services.GetServices<ViewRegistration>().OfType<ViewRegistration<TKey, TView>>().Select(static one => one.Name)];
        return new InvalidOperationException(
            $"{names.Length} views have the type {TypeText.Of(typeof(IKafkaCacheView<TKey, TView>))}: "
            + $"{string.Join(", ", names.Select(static name => $"'{name}'"))}. Ask for one by its name: "
            + $"[FromKeyedServices(\"{names[0]}\")], or GetRequiredKeyedService(\"{names[0]}\").");
    }
}
