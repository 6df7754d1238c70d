func.func @undefined(%x: f32) -> i32 {
  %i = arith.fptosi %x : f32 to i32
  return %i : i32
}
