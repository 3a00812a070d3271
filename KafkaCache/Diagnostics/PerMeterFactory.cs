using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace KafkaCaching.Diagnostics;

/// <summary>Keeps one set of instruments for each meter factory, and one for the process, which is used if there is no factory.</summary>
/// <remarks>A set is created lazily, so that only one is created even if several callers begin at once: a factory's meter would keep every
/// set that was ever created.</remarks>
internal sealed class PerMeterFactory<T>(string meterName, Func<Meter, T> create)
    where T : class
{
    private readonly ConditionalWeakTable<IMeterFactory, Lazy<T>> _byFactory = [];
    private readonly Lazy<T> _ofTheProcess = new(() => create(new Meter(meterName)));

    public T For(IMeterFactory? factory) => factory is null
        ? _ofTheProcess.Value
        : _byFactory.GetValue(factory, one => new Lazy<T>(() => create(one.Create(meterName)))).Value;
}
