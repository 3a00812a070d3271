using System.Collections.Concurrent;
using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace KafkaCaching.EntityFrameworkCore.Results;

/// <summary>Determines whether the objects of a type are immutable, which means that all fields are read-only and of immutable
/// types.</summary>
internal static class ImmutableShapes
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Type[] Known = [typeof(string), typeof(Uri), typeof(Version), typeof(System.Net.IPAddress), typeof(DBNull)];
    private static readonly ConcurrentDictionary<Type, bool> Found = [];
    private static readonly MethodInfo HasReferences =
        ((Func<bool>)RuntimeHelpers.IsReferenceOrContainsReferences<object>).Method.GetGenericMethodDefinition();

    /// <summary>Whether an object of exactly this type is immutable.</summary>
    public static bool IsImmutable(Type type) => Found.TryGetValue(type, out var known)
        ? known
        : Found[type] = IsImmutable(type, []);

    /// <summary>Whether every value of a field of this type is immutable.</summary>
    public static bool IsImmutableValue(Type type) => (type.IsValueType || type.IsSealed) && IsImmutable(type);

    /// <summary>The fields of a type and of its base types.</summary>
    public static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (var at = type; at is not null && at != typeof(object); at = at.BaseType)
        {
            foreach (var field in at.GetFields(Own))
                yield return field;
        }
    }

    private static bool IsImmutable(Type type, HashSet<Type> seen)
    {
        if (Known.Contains(type) || type.IsPrimitive || type.IsEnum
            || (type.IsSealed && type.GetCustomAttribute<ImmutableObjectAttribute>() is { Immutable: true }))
            return true;
        if (type.IsPointer || type.IsByRefLike || type.IsArray || type.IsInterface || type.IsAbstract
            || typeof(Delegate).IsAssignableFrom(type))
            return false;
        if (type.IsValueType && !(bool)HasReferences.MakeGenericMethod(type).Invoke(null, null)!)
            return true;

        // A type that is already being examined, because it contains itself, does not affect the answer.
        return !seen.Add(type) || FieldsOf(type).All(field => IsImmutableField(field, type, seen));
    }

    // The fields of a struct are copied with it, so it does not matter whether they can be assigned.
    private static bool IsImmutableField(FieldInfo field, Type owner, HashSet<Type> seen) => (field.IsInitOnly || owner.IsValueType)
        && (field.FieldType.IsValueType || field.FieldType.IsSealed) && IsImmutable(field.FieldType, seen);
}
