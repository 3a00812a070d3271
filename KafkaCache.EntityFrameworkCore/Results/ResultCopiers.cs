using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Metadata;

namespace KafkaCaching.EntityFrameworkCore.Results;

/// <summary>Copies objects of results with all that can be changed in them, so that what one caller does to its entities is not seen by
/// another. Only what is known is copied: mapped types, projections, and the collections that they are in.</summary>
internal sealed class ResultCopiers(IModel model)
{
    private readonly ConcurrentDictionary<Type, Copier> _copiers = [];
    private readonly HashSet<Type> _entities = [.. model.GetEntityTypes().Select(static type => type.ClrType).Where(IsPlain)];
    private readonly HashSet<Type> _complex = [
        .. model.GetEntityTypes().SelectMany(ComplexTypesOf).Select(static type => type.ClrType).Where(IsPlain),
    ];

    /// <summary>Copies the elements of a result.</summary>
    /// <param name="all">The elements.</param>
    /// <param name="copy">The copies.</param>
    /// <param name="isSame">Whether nothing in them can be changed, so that the copies are the elements themselves.</param>
    /// <returns>Whether all of it can be copied.</returns>
    public bool TryCopy<T>(T[] all, out T[] copy, out bool isSame)
    {
        var run = new CopyRun(this);
        copy = new T[all.Length];
        for (var i = 0; i < all.Length && !run.HasFailed; i++)
            copy[i] = run.Copy(all[i], isResult: true);
        isSame = !run.HasCopied;
        return !run.HasFailed;
    }

    /// <summary>Copies elements that <see cref="TryCopy"/> has copied once.</summary>
    public T[] Copy<T>(T[] all)
    {
        var run = new CopyRun(this);
        var copy = new T[all.Length];
        for (var i = 0; i < all.Length; i++)
            copy[i] = run.Copy(all[i], isResult: true);
        return copy;
    }

    /// <inheritdoc cref="Copy{T}(T[])"/>
    public T Copy<T>(T one) => new CopyRun(this).Copy(one, isResult: true);

    public Copier Of(Type type, bool isResult) => _copiers.TryGetValue(type, out var known) ? known : Add(type, isResult);

    // What is not known in another place may be the element of a result.
    private Copier Add(Type type, bool isResult)
    {
        var made = Create(type, isResult);
        return made is UnknownCopier && !isResult ? made : _copiers.GetOrAdd(type, made);
    }

    private Copier Create(Type type, bool isResult)
    {
        if (ImmutableShapes.IsImmutable(type))
            return SameCopier.Instance;
        if (_entities.Contains(type))
            return FieldsCopier.Of(type, isEntity: true);
        if (_complex.Contains(type) || (IsOfTheProgram(type) && (isResult || type.IsDefined(typeof(CompilerGeneratedAttribute)))))
            return FieldsCopier.Of(type, isEntity: false);
        if (type is { IsSZArray: true })
            return Generic(typeof(ArrayCopier<>), type.GetElementType()!);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>))
            return Generic(typeof(ListCopier<>), type.GenericTypeArguments[0]);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(HashSet<>))
            return Generic(typeof(SetCopier<>), type.GenericTypeArguments[0]);
        return UnknownCopier.Instance;
    }

    private static Copier Generic(Type copier, Type element) => (Copier)Activator.CreateInstance(copier.MakeGenericType(element))!;

    private static IEnumerable<IComplexType> ComplexTypesOf(ITypeBase type) => type.GetComplexProperties()
        .Select(static property => property.ComplexType).SelectMany(static complex => ComplexTypesOf(complex).Prepend(complex));

    // What a collection has, such as a dictionary as a bag of properties, is more than its fields say. So is what a proxy has.
    private static bool IsPlain(Type type) => type.IsClass && !type.IsArray && !typeof(IEnumerable).IsAssignableFrom(type)
        && !typeof(Delegate).IsAssignableFrom(type);

    private static bool IsOfTheProgram(Type type) =>
        IsPlain(type) && type.Namespace?.Split('.')[0] is not ("System" or "Microsoft" or "Castle");
}

/// <summary>One copy of a result. What was met before is not copied again, so that the copies refer to each other as the originals
/// do.</summary>
internal sealed class CopyRun(ResultCopiers copiers)
{
    private object? _first;
    private object? _firstCopy;
    private Dictionary<object, object>? _others;

    public bool HasFailed { get; private set; }

    public bool HasCopied => _first is not null;

    [return: NotNullIfNotNull(nameof(original))]
    public T Copy<T>(T original, bool isResult = false)
    {
        if (original is null || HasFailed)
            return original;
        if (typeof(T).IsValueType)
        {
            HasFailed = !ImmutableShapes.IsImmutable(typeof(T));
            return original;
        }

        if (ReferenceEquals(original, _first))
            return (T)_firstCopy!;
        if (_others is not null && _others.TryGetValue(original, out var known))
            return (T)known;
        if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
            return (T)copiers.Of(original.GetType(), isResult).Copy(original, this);
        HasFailed = true;
        return original;
    }

    public void Add(object original, object copy)
    {
        if (_first is null)
            (_first, _firstCopy) = (original, copy);
        else
            (_others ??= new Dictionary<object, object>(ReferenceEqualityComparer.Instance)).Add(original, copy);
    }

    public void Fail() => HasFailed = true;
}

/// <summary>Copies the objects of a type.</summary>
internal abstract class Copier
{
    public abstract object Copy(object original, CopyRun run);
}

/// <summary>Objects that can't be changed are their own copies.</summary>
internal sealed class SameCopier : Copier
{
    public static readonly SameCopier Instance = new();

    public override object Copy(object original, CopyRun run) => original;
}

/// <summary>Nothing is known of the type, and so no result that has such an object is copied.</summary>
internal sealed class UnknownCopier : Copier
{
    public static readonly UnknownCopier Instance = new();

    public override object Copy(object original, CopyRun run)
    {
        run.Fail();
        return original;
    }
}

/// <summary>Copies all fields: those of the mapped properties, and those that the program adds to its type.</summary>
internal sealed class FieldsCopier(FieldInfo[] changeable, bool isEntity) : Copier
{
    public static Copier Of(Type type, bool isEntity)
    {
        var fields = ImmutableShapes.FieldsOf(type).Where(static field => !ImmutableShapes.IsImmutableValue(field.FieldType)).ToArray();
        return Array.Exists(fields, static field => field.FieldType.IsValueType)
            ? UnknownCopier.Instance
            : new FieldsCopier(fields, isEntity);
    }

    public override object Copy(object original, CopyRun run)
    {
        var copy = MemberwiseClone(original);
        run.Add(original, copy);
        foreach (var field in changeable)
        {
            if (field.GetValue(copy) is not { } there)
                continue;
            var own = run.Copy(there);
            if (!ReferenceEquals(own, there))
                field.SetValue(copy, own);
        }

        if (isEntity)
            ReadOnlyResults.MarkAlone(copy);
        return copy;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern object MemberwiseClone(object original);
}

internal sealed class ArrayCopier<T> : Copier
{
    public override object Copy(object original, CopyRun run)
    {
        var copy = (T[])((T[])original).Clone();
        run.Add(original, copy);
        if (ImmutableShapes.IsImmutableValue(typeof(T)))
            return copy;
        for (var i = 0; i < copy.Length; i++)
            copy[i] = run.Copy(copy[i]);
        return copy;
    }
}

internal sealed class ListCopier<T> : Copier
{
    public override object Copy(object original, CopyRun run)
    {
        var all = (List<T>)original;
        var copy = new List<T>(all.Count);
        run.Add(original, copy);
        foreach (var one in all)
            copy.Add(run.Copy(one));
        return copy;
    }
}

internal sealed class SetCopier<T> : Copier
{
    public override object Copy(object original, CopyRun run)
    {
        var all = (HashSet<T>)original;
        var copy = new HashSet<T>(all.Count, all.Comparer);
        run.Add(original, copy);
        foreach (var one in all)
            copy.Add(run.Copy(one));
        return copy;
    }
}
