using System.Reflection;
using System.Text;

namespace Hearsay.Learn.Reference;

/// <summary>The ids by which the compiler's XML files name types and members.</summary>
internal static class DocId
{
    /// <summary>The id of a type.</summary>
    public static string Of(Type type) => "T:" + Name(type);

    /// <summary>The id of a member.</summary>
    public static string Of(MemberInfo member) => member switch
    {
        Type type => Of(type),
        ConstructorInfo made => $"M:{Name(made.DeclaringType!)}.#ctor{Parameters(made.GetParameters())}",
        MethodInfo method => $"M:{Name(method.DeclaringType!)}.{method.Name}"
            + (method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "")
            + Parameters(method.GetParameters())
            + (method.Name is "op_Implicit" or "op_Explicit" ? "~" + Reference(method.ReturnType) : ""),
        PropertyInfo property => $"P:{Name(property.DeclaringType!)}.{property.Name}"
            + Parameters(property.GetIndexParameters()),
        EventInfo happening => $"E:{Name(happening.DeclaringType!)}.{happening.Name}",
        FieldInfo field => $"F:{Name(field.DeclaringType!)}.{field.Name}",
        _ => "",
    };

    private static string Name(Type type) =>
        ((type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName ?? type.Name).Replace('+', '.');

    private static string Parameters(ParameterInfo[] parameters) => parameters.Length == 0
        ? "" : "(" + string.Join(',', parameters.Select(static parameter => Reference(parameter.ParameterType))) + ")";

    private static string Reference(Type type)
    {
        if (type.IsByRef)
        {
            return Reference(type.GetElementType()!) + "@";
        }

        if (type.IsPointer)
        {
            return Reference(type.GetElementType()!) + "*";
        }

        if (type.IsArray)
        {
            var rank = type.GetArrayRank();
            return Reference(type.GetElementType()!)
                + (rank == 1 ? "[]" : "[" + string.Join(',', Enumerable.Repeat("0:", rank)) + "]");
        }

        if (type.IsGenericParameter)
        {
            return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition;
        }

        return type.IsGenericType ? Generic(type) : Name(type);
    }

    /// <summary>The arguments of each of the nested types stand behind its own name.</summary>
    private static string Generic(Type type)
    {
        var arguments = new Queue<Type>(type.GetGenericArguments());
        var text = new StringBuilder();
        foreach (var part in Name(type).Split('.'))
        {
            var tick = part.IndexOf('`', StringComparison.Ordinal);
            text.Append(text.Length > 0 ? "." : "").Append(tick < 0 ? part : part[..tick]);
            if (tick >= 0)
            {
                var count = int.Parse(part[(tick + 1)..], System.Globalization.CultureInfo.InvariantCulture);
                text.Append('{').AppendJoin(',', Enumerable.Range(0, count).Select(_ => Reference(arguments.Dequeue())))
                    .Append('}');
            }
        }

        return text.ToString();
    }
}
