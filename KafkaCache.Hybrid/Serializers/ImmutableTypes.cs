using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace KafkaCaching.Hybrid.Serializers;

/// <summary>Determines whether several callers can share an instance of a type, which requires that none of them can change what another
/// sees. The rule is that of Microsoft's implementation.</summary>
internal static class ImmutableTypes<T>
{
    public static readonly bool Has = IsImmutable(typeof(T));

    private static bool IsImmutable(Type type) =>
        type == typeof(string)
        || (type.IsValueType && !RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        || (type.IsSealed && type.GetCustomAttribute<ImmutableObjectAttribute>() is { Immutable: true });
}
