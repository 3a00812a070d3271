using System.Reflection;
using Confluent.Kafka;

namespace KafkaCaching.Tests.Replay.Sources;

/// <summary>A consumer whose native handle, and therefore its queue, can't be found by reflection, as could happen with another version of
/// Confluent.Kafka.</summary>
public class UnreachableHandle : DispatchProxy
{
    private IConsumer<byte[]?, byte[]?>? _consumer;

    public static IConsumer<byte[]?, byte[]?> Of(IConsumer<byte[]?, byte[]?> consumer)
    {
        var proxy = Create<IConsumer<byte[]?, byte[]?>, UnreachableHandle>();
        ((UnreachableHandle)proxy)._consumer = consumer;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == "get_Handle"
        ? throw new MissingMemberException("The handle is kept elsewhere.")
        : targetMethod.Invoke(_consumer, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
}
