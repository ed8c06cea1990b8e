export '../../any_page.dart';
export 'package:flutter/material.dart';
