// RUN: linrec-opt %s --split-input-file --verify-diagnostics

func.func @missing_property(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{requires attribute 'time'}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @wrong_kind_of_property(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{invalid properties {arg_names = ["x", "s"], dims = 7 : i32, in_maps = [array<i64: 0>], operandSegmentSizes = array<i32: 1, 0, 0, 1>, out_maps = [], state_maps = [array<i64>], time = 0 : i64} for op linrec.recurrence: Invalid attribute `dims` in property conversion: 7 : i32}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = 7 : i32, time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @index_list_of_strings(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{attribute 'in_maps' failed to satisfy constraint: array of index lists}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = ["t"], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @time_beyond_dims(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{has time = 1, expected the number of a dim, 0 or more and less than 1 (C1)}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 1 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @negative_time(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{has time = -1, expected the number of a dim, 0 or more and less than 1 (C1)}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = -1 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @no_dims_at_all(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{has time = 0, expected the number of a dim, 0 or more and less than 0 (C1)}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = [], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @same_dim(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{names dim 't' twice in dims(...); give every dim a name of its own (C1)}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t", "t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @strange_dim(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{has a dim named 'a b', expected a bare identifier other than 'reverse' (C1)}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t", "a b"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @reserved_dim(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{has a dim named 'reverse', expected a bare identifier other than 'reverse' (C1)}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["reverse"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @nameless_dim(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{has a dim named '', expected a bare identifier other than 'reverse' (C1)}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = [""], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @many_dims(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{has 65 dims, expected at most 64 (C1)}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9", "d10", "d11", "d12", "d13", "d14", "d15", "d16", "d17", "d18", "d19", "d20", "d21", "d22", "d23", "d24", "d25", "d26", "d27", "d28", "d29", "d30", "d31", "d32", "d33", "d34", "d35", "d36", "d37", "d38", "d39", "d40", "d41", "d42", "d43", "d44", "d45", "d46", "d47", "d48", "d49", "d50", "d51", "d52", "d53", "d54", "d55", "d56", "d57", "d58", "d59", "d60", "d61", "d62", "d63", "d64"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @packed_beyond_dims(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{has packed = -3, expected the number of a dim, 0 or more and less than 1 (C2)}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>, packed = -3 : i64}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @packed_without_bounds(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{has a packed dim and no bounds, expected `packed(dim by %bounds : type)` or neither (C12)}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t", "s"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>, packed = 1 : i64}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @missing_index_list(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{in_maps has 0 index lists, expected 1, one per operand (C2)}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @index_beyond_dims(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{in_maps uses dim number 1, expected 0 or more and less than 1, the number of dims (C2)}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 1>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @negative_index(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{state_maps uses dim number -1, expected 0 or more and less than 1, the number of dims (C2)}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64: -1>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @missing_name(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{has 1 names in arg_names, expected 2, one per in and state}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @segments(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{operand count (2) does not match with the total size (8) specified in attribute 'operandSegmentSizes'}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 7>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @negative_segment(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{'operandSegmentSizes' attribute cannot have negative elements}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, -1, 2>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @few_segments(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{invalid properties {arg_names = ["x", "s"], dims = ["t"], in_maps = [array<i64: 0>], operandSegmentSizes = array<i32: 1, 1>, out_maps = [], state_maps = [array<i64>], time = 0 : i64} for op linrec.recurrence: size mismatch in attribute conversion: 2 vs 4}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @two_bounds(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{operand group starting at #0 requires 0 or 1 element, but found 2}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 0, 2, 0, 0>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @bounds_without_packed(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{in_maps has 1 index lists, expected 0, one per operand (C2)}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 0, 1, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @argument_missing(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{has a body with 1 arguments, expected 2, one per in and state (C13)}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @argument_type(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{%s has type 'i8' for elements of type 'f32', expected the same type, or a wider float by `as`; convert other types in the body (C14)}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: i8):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @tensor_argument(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{%s has type 'tensor<f32>' for elements of type 'f32', expected the same type, or a wider float by `as`; convert other types in the body (C14)}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: tensor<f32>):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @yield_segments(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    // expected-error @below {{operand count (1) does not match with the total size (3) specified in attribute 'operandSegmentSizes'}}
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 3>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @at_lengths(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    // expected-error @below {{has 1 dims, 0 bases and 2 offsets, expected as many of each (C11)}}
    %v = "linrec.at"(%a) <{dims = ["t"], bases = [], offsets = array<i64: 1, 2>, operandSegmentSizes = array<i32: 1, 0>}> : (f32) -> f32
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @at_types(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    // expected-error @below {{has no substitution, expected `[dim = ...]` (C11)}}
    %v = "linrec.at"(%a) <{dims = [], bases = [], offsets = array<i64>}> : (f32) -> f64
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @reduce_kind(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    // expected-error @below {{invalid properties {kind = 9 : i32, over = ["t"]} for op linrec.reduce: Invalid attribute `kind` in property conversion: 9 : i32}}
    %v = "linrec.reduce"(%a) <{kind = 9 : i32, over = ["t"]}> : (f32) -> f32
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @reduce_types(%x: tensor<?xf32>, %h0: tensor<f32>) {
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    // expected-error @below {{requires the same type for all operands and results}}
    %v = "linrec.reduce"(%a) <{kind = 0 : i32, over = ["t"]}> : (f32) -> f64
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @no_region(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{requires one region}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @empty_region(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{region #0 ('body') failed to verify constraint: region with 1 blocks}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({}) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @two_blocks(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{expects region #0 to have 0 or 1 blocks}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  ^bb1:
    "linrec.yield"() <{operandSegmentSizes = array<i32: 0, 0>}> : () -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @result_missing(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{expected the number of tensor results (0) to be equal to the number of output tensors (1)}}
  "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> ()
  return
}

// -----

func.func @result_type(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{expected type of operand #1 ('tensor<f32>') to match type of corresponding result ('tensor<f64>')}}
  %h = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> tensor<f64>
  return
}

// -----

func.func @result_of_memref(%x: tensor<?xf32>, %h0: tensor<f32>) {
  // expected-error @below {{expected the number of tensor results (2) to be equal to the number of output tensors (1)}}
  %h:2 = "linrec.recurrence"(%x, %h0) <{dims = ["t"], time = 0 : i64, in_maps = [array<i64: 0>], out_maps = [], state_maps = [array<i64>], arg_names = ["x", "s"], operandSegmentSizes = array<i32: 1, 0, 0, 1>}> ({
  ^bb0(%a: f32, %s: f32):
    "linrec.yield"(%a) <{operandSegmentSizes = array<i32: 0, 1>}> : (f32) -> ()
  }) : (tensor<?xf32>, tensor<f32>) -> (tensor<f32>, tensor<f32>)
  return
}
