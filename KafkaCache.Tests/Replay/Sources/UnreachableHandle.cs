using System.Reflection;
using Confluent.Kafka;

namespace KafkaCaching.Tests.Replay.Sources;

/// <summary>A consumer whose native handle, and so its queue, is out of reach, as in a build of Confluent.Kafka that keeps it
/// elsewhere.</summary>
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
