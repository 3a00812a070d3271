using System.Collections;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Metadata;

namespace KafkaCaching.EntityFrameworkCore.Results;

/// <summary>Copies the objects of results, including all mutable objects that they contain, so that no caller sees the changes of another
/// one. Only known types are copied: mapped types, projections, and the collections that contain them.</summary>
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
    /// <param name="isSame">Whether the elements are immutable, so that the copies are the elements themselves.</param>
    /// <returns>Whether all elements could be copied.</returns>
    public bool TryCopy<T>(T[] all, out T[] copy, out bool isSame)
    {
        var run = new CopyRun(this);
        copy = new T[all.Length];
        for (var i = 0; i < all.Length && !run.HasFailed; i++)
            copy[i] = run.Copy(all[i], isResult: true);
        isSame = !run.HasCopied;
        return !run.HasFailed;
    }

    /// <summary>Copies elements that <see cref="TryCopy"/> has copied before.</summary>
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

    // A type that can't be copied as the value of a field may be copied as the element of a result, so a failure for a field is not
    // remembered.
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
        if (_complex.Contains(type) || (IsOfTheProgram(type) && (isResult || IsCompilerGenerated(type))))
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

    // Collections and delegates can't be copied field by field. A property bag, for example, is a dictionary.
    private static bool IsPlain(Type type) => type.IsClass && !type.IsArray && !typeof(IEnumerable).IsAssignableFrom(type)
        && !typeof(Delegate).IsAssignableFrom(type);

    private static bool IsCompilerGenerated(Type type) => type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static bool IsOfTheProgram(Type type) =>
        IsPlain(type) && type.Namespace?.Split('.')[0] is not ("System" or "Microsoft" or "Castle");
}
