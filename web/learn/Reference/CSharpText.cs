using System.Globalization;
using System.Reflection;

namespace Hearsay.Learn.Reference;

/// <summary>Declarations as one would write them in C#.</summary>
internal static class CSharpText
{
    private static readonly NullabilityInfoContext s_nullability = new();

    private static readonly Dictionary<Type, string> s_words = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool",
        [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort",
        [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong",
        [typeof(float)] = "float", [typeof(double)] = "double", [typeof(decimal)] = "decimal", [typeof(char)] = "char",
        [typeof(nint)] = "nint", [typeof(nuint)] = "nuint",
    };

    /// <summary>The name of a type, without its namespace.</summary>
    public static string Name(Type type)
    {
        if (s_words.TryGetValue(type, out var word))
        {
            return word;
        }

        if (type.IsByRef || type.IsPointer)
        {
            return Name(type.GetElementType()!) + (type.IsPointer ? "*" : "");
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[" + new string(',', type.GetArrayRank() - 1) + "]";
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Name(inner) + "?";
        }

        var tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        var plain = tick < 0 ? type.Name : type.Name[..tick];
        if (type.IsGenericType && type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true)
        {
            return "(" + string.Join(", ", type.GetGenericArguments().Select(Name)) + ")";
        }

        var outer = type.IsNested && !type.IsGenericParameter ? Name(type.DeclaringType!) + "." : "";
        return outer + plain + (tick < 0 ? ""
            : "<" + string.Join(", ", type.GetGenericArguments().Select(Name)) + ">");
    }

    /// <summary>The declaration of a type.</summary>
    public static string Of(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            var invoke = type.GetMethod("Invoke")!;
            return $"public delegate {Return(invoke)} {Name(type)}({Parameters(invoke.GetParameters())})";
        }

        var bases = new List<string>();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType)
            && parent != typeof(Enum))
        {
            bases.Add(Name(parent));
        }

        bases.AddRange(type.GetInterfaces().Where(face => face.IsPublic
            && !face.Name.StartsWith("IEquatable", StringComparison.Ordinal)
            && type.BaseType?.GetInterfaces().Contains(face) != true).Select(Name).Order(StringComparer.Ordinal));
        return $"public {Kind(type)} {Name(type)}"
            + (type.IsEnum || bases.Count == 0 ? "" : " : " + string.Join(", ", bases));
    }

    /// <summary>What a type is, in the words of C#.</summary>
    public static string Kind(Type type)
    {
        var isRecord = type.GetMethod("<Clone>$") is not null
            || (type.IsValueType && type.GetMethod(
                "PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null);
        return type.IsEnum ? "enum" : type.IsInterface ? "interface"
            : type.IsValueType ? (isRecord ? "record struct" : "struct")
            : type.IsAbstract && type.IsSealed ? "static class"
            : (type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "") + (isRecord ? "record" : "class");
    }

    /// <summary>The declaration of a member.</summary>
    public static string Of(MemberInfo member) => member switch
    {
        ConstructorInfo made => $"{Name(made.DeclaringType!)}({Parameters(made.GetParameters())})",
        MethodInfo method => Static(method.IsStatic) + $"{Return(method)} {MethodName(method)}"
            + $"({Parameters(method.GetParameters())})",
        PropertyInfo property => Property(property),
        EventInfo happening => $"event {Name(happening.EventHandlerType!)} {happening.Name}",
        FieldInfo field => Field(field),
        _ => member.Name,
    };

    private static string Field(FieldInfo field) => field.DeclaringType!.IsEnum
        ? $"{field.Name} = {Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}"
        : (field.IsLiteral ? "const " : Static(field.IsStatic) + (field.IsInitOnly ? "readonly " : ""))
            + $"{Name(field.FieldType)} {field.Name}"
            + (field.IsLiteral ? " = " + Value(field.GetRawConstantValue()) : "");

    private static string MethodName(MethodInfo method)
    {
        if (method.Name is "op_Implicit" or "op_Explicit")
        {
            return method.Name == "op_Implicit" ? "implicit operator" : "explicit operator";
        }

        return method.Name.StartsWith("op_", StringComparison.Ordinal)
            ? "operator " + method.Name[3..]
            : method.Name + (method.IsGenericMethod
                ? "<" + string.Join(", ", method.GetGenericArguments().Select(Name)) + ">" : "");
    }

    private static string Property(PropertyInfo property)
    {
        var (get, set) = (property.GetMethod, property.SetMethod);
        var isInit = set?.ReturnParameter.GetRequiredCustomModifiers()
            .Any(static modifier => modifier.Name == "IsExternalInit") == true;
        var isRequired = property.CustomAttributes.Any(
            static attribute => attribute.AttributeType.Name == "RequiredMemberAttribute");
        var name = property.GetIndexParameters() is { Length: > 0 } index ? $"this[{Parameters(index)}]" : property.Name;
        var mark = Mark(property.PropertyType, () => s_nullability.Create(property).ReadState);
        return Static((get ?? set)!.IsStatic) + (isRequired ? "required " : "")
            + $"{Name(property.PropertyType)}{mark} {name} {{ "
            + (IsSeen(get) ? "get; " : "") + (IsSeen(set) ? isInit ? "init; " : "set; " : "") + "}";
    }

    private static bool IsSeen(MethodInfo? method) => method is { IsPublic: true } or { IsFamily: true };

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    private static string Return(MethodInfo method) => (method.ReturnType.IsByRef ? "ref " : "")
        + Name(method.ReturnType)
        + Mark(method.ReturnType, () => s_nullability.Create(method.ReturnParameter).ReadState);

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var kind = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params "
            : !parameter.ParameterType.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        return kind + Name(parameter.ParameterType)
            + Mark(parameter.ParameterType, () => s_nullability.Create(parameter).WriteState)
            + " " + parameter.Name + (parameter.HasDefaultValue ? " = " + Default(parameter) : "");
    }

    private static string Mark(Type type, Func<NullabilityState> state) =>
        !type.IsValueType && !type.IsByRef && state() == NullabilityState.Nullable ? "?" : "";

    private static string Default(ParameterInfo parameter) => parameter.DefaultValue is null
        ? parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null
            ? "default" : "null"
        : parameter.ParameterType.IsEnum ? $"{Name(parameter.ParameterType)}.{parameter.DefaultValue}"
        : Value(parameter.DefaultValue);

    private static string Value(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
