using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace KafkaCaching.Diagnostics;

/// <summary>Keeps one set of instruments for each meter factory, and one that is used if there is no factory.</summary>
/// <remarks>The <see cref="Lazy{T}"/> ensures that only one set is created even if several threads ask for it at the same time. A meter
/// never releases its instruments, so a second set would stay in memory.</remarks>
internal sealed class PerMeterFactory<T>(string meterName, Func<Meter, T> create)
    where T : class
{
    private readonly ConditionalWeakTable<IMeterFactory, Lazy<T>> _byFactory = [];
    private readonly Lazy<T> _ofTheProcess = new(() => create(new Meter(meterName)));

    public T For(IMeterFactory? factory) => factory is null
        ? _ofTheProcess.Value
        : _byFactory.GetValue(factory, one => new Lazy<T>(() => create(one.Create(meterName)))).Value;
}
