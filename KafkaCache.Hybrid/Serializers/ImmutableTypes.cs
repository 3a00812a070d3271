using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace KafkaCaching.Hybrid.Serializers;

/// <summary>Determines whether instances of a type can be given to several callers, because none of them can change what another sees. It
/// follows the rule of Microsoft's implementation.</summary>
internal static class ImmutableTypes<T>
{
    public static readonly bool Has = IsImmutable(typeof(T));

    private static bool IsImmutable(Type type) =>
        type == typeof(string)
        || (type.IsValueType && !RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        || (type.IsSealed && type.GetCustomAttribute<ImmutableObjectAttribute>() is { Immutable: true });
}
