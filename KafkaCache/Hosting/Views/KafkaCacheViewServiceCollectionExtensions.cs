using KafkaCaching;
using KafkaCaching.Hosting;
using KafkaCaching.Hosting.Views;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds views of caches to an application.</summary>
public static class KafkaCacheViewServiceCollectionExtensions
{
    /// <summary>Adds a view, which joins the entries of a cache with entries of other caches as they are read. It is resolved as
    /// <see cref="IKafkaCacheView{TKey, TView}"/>: with its name as the service key, and also without a key if no other view has the same
    /// types. Its declaration is validated together with the settings of the caches, before anything starts.</summary>
    /// <typeparam name="TKey">The type of the view's keys.</typeparam>
    /// <typeparam name="TView">The type of the joined values.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name of the view. No cache and no other view may have the same name, regardless of case.</param>
    /// <returns>The declaration, to be completed with <c>From</c>, <c>Join</c> and <c>Select</c>.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static KafkaCacheViewBuilder<TKey, TView> AddKafkaCacheView<TKey, TView>(this IServiceCollection services, string name)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var view = new ViewRegistration<TKey, TView>(name);
        view.AddTo(services.AddCachesAtStart());
        return new KafkaCacheViewBuilder<TKey, TView>(view);
    }
}
