using System.Reflection;
using System.Runtime.CompilerServices;

namespace KafkaCaching.EntityFrameworkCore.Results;

/// <summary>Copies the objects of a type.</summary>
internal abstract class Copier
{
    public abstract object Copy(object original, CopyRun run);
}

/// <summary>Returns the object itself in place of a copy, because it is immutable.</summary>
internal sealed class SameCopier : Copier
{
    public static readonly SameCopier Instance = new();

    public override object Copy(object original, CopyRun run) => original;
}

/// <summary>Makes the copy of a result fail, because nothing is known about the type.</summary>
internal sealed class UnknownCopier : Copier
{
    public static readonly UnknownCopier Instance = new();

    public override object Copy(object original, CopyRun run)
    {
        run.Fail();
        return original;
    }
}

/// <summary>Copies all fields, including those that are not mapped.</summary>
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
